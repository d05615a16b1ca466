package dev.cmmshub.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.cmmshub.message.CanonicalSchemas;
import dev.cmmshub.message.ProblemException;
import dev.cmmshub.store.EntityCache;
import dev.cmmshub.store.EntityCache.CachedEntity;
import dev.cmmshub.store.Shards;
import dev.cmmshub.tenant.Tenant;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** Prepares the query routes and renders what they found; the statements themselves are Camel's. */
public final class EntityReader {
  private static final int DEFAULT_LIMIT = 100;
  private static final int LAST_YEAR = 9999;
  private static final int HIGHEST_LIMIT = 1000;
  private static final UUID LOWEST_ID = new UUID(0, 0);

  private final Shards shards;
  private final EntityCache cache;

  public EntityReader(Shards shards, EntityCache cache) {
    this.shards = shards;
    this.cache = cache;
  }

  /** Checks path and query and sets the variables the SQL statements name. */
  public void prepare(Exchange exchange) {
    Tenant tenant = Credentials.identity(exchange).tenant();
    exchange.setVariable("tenant", tenant.id());
    exchange.setVariable("shard", "shard-" + shards.of(tenant).name());
    String entity = exchange.getVariable("entity", String.class);
    if (entity != null && !CanonicalSchemas.ENTITIES.contains(entity)) {
      throw new ProblemException(
          404,
          "unknown-entity",
          "expected one of " + CanonicalSchemas.ENTITIES.stream().sorted().toList());
    }
    String id = exchange.getVariable("id", String.class);
    if (id != null) {
      exchange.setVariable("id", uuid(id).toString());
    }
    exchange.getMessage().setBody(null);
  }

  private static UUID uuid(String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw new ProblemException(404, "not-found", "nothing has this id; ids are UUIDs");
    }
  }

  /** Sets {@code since}, {@code after} and {@code limit} from the query or the cursor. */
  public void preparePage(Exchange exchange) {
    String cursor = exchange.getVariable("cursor", String.class);
    if (cursor == null) {
      exchange.setVariable("since", since(exchange.getVariable("updatedSince", String.class)));
      exchange.setVariable("after", LOWEST_ID.toString());
    } else {
      continueAfter(exchange, cursor);
    }
    exchange.setVariable("limit", limit(exchange.getVariable("limit", String.class)));
  }

  private static OffsetDateTime since(String text) {
    try {
      return text == null ? Instant.EPOCH.atOffset(ZoneOffset.UTC) : moment(text);
    } catch (DateTimeException e) {
      throw new ProblemException(
          400, "updated-since", "updatedSince: expected a time such as 2026-01-31T00:00:00Z");
    }
  }

  /** RFC 3339 has years of four digits; a shard knows no time of a million years ahead. */
  private static OffsetDateTime moment(String text) {
    OffsetDateTime moment = OffsetDateTime.parse(text);
    if (moment.getYear() < 0 || moment.getYear() > LAST_YEAR) {
      throw new DateTimeException("year " + moment.getYear());
    }
    return moment;
  }

  private static void continueAfter(Exchange exchange, String cursor) {
    try {
      String[] parts = new String(Base64.getUrlDecoder().decode(cursor), UTF_8).split("\\|", 2);
      exchange.setVariable("since", moment(parts[0]));
      exchange.setVariable("after", UUID.fromString(parts[1]).toString());
    } catch (DateTimeException | IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      throw new ProblemException(400, "cursor", "cursor: expected the one of the page before");
    }
  }

  private static int limit(String text) {
    try {
      int limit = text == null ? DEFAULT_LIMIT : Integer.parseInt(text);
      if (limit >= 1 && limit <= HIGHEST_LIMIT) {
        return limit;
      }
    } catch (NumberFormatException e) {
      // Answered below like a number out of range.
    }
    throw new ProblemException(400, "limit", "limit: expected a number from 1 to 1000");
  }

  /** Leaves the object as body when the cache knows it, else null. */
  public CachedEntity cached(Exchange exchange) {
    return cache
        .get(variable(exchange, "tenant"), variable(exchange, "entity"), variable(exchange, "id"))
        .orElse(null);
  }

  /** Takes the row the statement found, and fills the cache with it. */
  public CachedEntity found(Exchange exchange) {
    List<Map<String, Object>> rows = rows(exchange);
    if (rows.isEmpty()) {
      throw new ProblemException(
          404, "not-found", "no " + variable(exchange, "entity") + " of yours has this id");
    }
    CachedEntity entity =
        new CachedEntity(
            ((Number) rows.get(0).get("source_version")).longValue(),
            (String) rows.get(0).get("data"));
    cache.put(
        variable(exchange, "tenant"),
        variable(exchange, "entity"),
        variable(exchange, "id"),
        entity);
    return entity;
  }

  /** Answers with the object and its ETag, or 304. */
  public void answer(Exchange exchange) {
    Message message = exchange.getMessage();
    CachedEntity entity = message.getBody(CachedEntity.class);
    String etag = "\"" + entity.version() + "\"";
    message.removeHeaders("*");
    Throttle.tell(exchange, message);
    message.setHeader("ETag", etag);
    if (etag.equals(exchange.getVariable("ifNoneMatch", String.class))) {
      message.setHeader(Exchange.HTTP_RESPONSE_CODE, 304);
      message.setBody(null);
    } else {
      message.setHeader(Exchange.CONTENT_TYPE, "application/json");
      message.setBody(entity.json().getBytes(UTF_8));
    }
  }

  /** Answers with a page: {@code {"items": […], "next": cursor or null}}. */
  public void answerPage(Exchange exchange) {
    List<Map<String, Object>> rows = rows(exchange);
    StringBuilder json = new StringBuilder("{\"items\":[");
    for (int i = 0; i < rows.size(); i++) {
      json.append(i == 0 ? "" : ",").append(rows.get(i).get("data"));
    }
    boolean more = rows.size() == exchange.getVariable("limit", Integer.class);
    json.append("],\"next\":").append(next(more, rows)).append('}');
    Message message = exchange.getMessage();
    message.removeHeaders("*");
    Throttle.tell(exchange, message);
    message.setHeader(Exchange.CONTENT_TYPE, "application/json");
    message.setBody(json.toString().getBytes(UTF_8));
  }

  private static String next(boolean more, List<Map<String, Object>> rows) {
    if (!more) {
      return "null";
    }
    Map<String, Object> last = rows.get(rows.size() - 1);
    java.sql.Timestamp updated = (java.sql.Timestamp) last.get("updated_at");
    String cursor =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(
                (updated.toInstant().atOffset(ZoneOffset.UTC) + "|" + last.get("id"))
                    .getBytes(UTF_8));
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(cursor)) + '"';
  }

  @SuppressWarnings("unchecked")
  static List<Map<String, Object>> rows(Exchange exchange) {
    return Optional.ofNullable(
            (List<Map<String, Object>>) exchange.getMessage().getBody(List.class))
        .orElse(List.of());
  }

  private static String variable(Exchange exchange, String name) {
    return exchange.getVariable(name, String.class);
  }
}
