package dev.cmmshub.store.event;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.store.Shards;
import dev.cmmshub.tenant.Tenants;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Finds the event that somebody means, by whatever name of it they have. */
public final class Passports {
  /** How many are told when several can be meant. */
  public static final int MOST = 5;

  private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  private static final Pattern BEGIN = Pattern.compile("[0-9a-f-]{4,36}");
  private static final int DIGITS = 32;
  private static final String COLUMNS =
      "SELECT tenant_id, event_id::text, received_at, system, entity, external_id FROM event_known ";

  /** What the name turned out to be, in the order it is looked for. */
  private enum Meaning {
    ID("WHERE event_id = ?::uuid"),
    EXTERNAL_ID("WHERE external_id = ? ORDER BY received_at DESC, stored DESC"),
    CORRELATION_ID("WHERE correlated = ? ORDER BY received_at"),
    BEGIN_OF_ID("WHERE event_id BETWEEN ?::uuid AND ?::uuid");

    private final String sql;

    Meaning(String where) {
      this.sql = COLUMNS + where + " LIMIT 100";
    }
  }

  private final Owners owners;

  public Passports(Supplier<Tenants> tenants, Shards shards) {
    this.owners = new Owners(tenants, shards);
  }

  /** An event that can be meant. */
  public record Candidate(
      String tenant,
      String id,
      String shard,
      String system,
      String entity,
      String externalId,
      EventCursor place) {
    String object() {
      return tenant + '|' + system + '|' + entity + '|' + externalId;
    }
  }

  /**
   * What was found.
   *
   * @param passport null when it is none or several
   * @param candidates those that can be meant; when it is one object's, the newest is told
   * @param unavailable shards that did not answer
   */
  public record Found(ObjectNode passport, List<Candidate> candidates, List<String> unavailable) {}

  /**
   * Looks for an event id, an external id, a correlation id and the beginning of an event id.
   *
   * @param tenant one of tenants.yaml, or null for all
   */
  public Found find(String name, String tenant) {
    List<String> unavailable = new ArrayList<>();
    for (Meaning meaning : Meaning.values()) {
      List<Candidate> candidates = candidates(meaning, name, tenant, unavailable);
      if (!candidates.isEmpty()) {
        return found(meaning, candidates, unavailable);
      }
    }
    return new Found(null, List.of(), unavailable);
  }

  private List<Candidate> candidates(
      Meaning meaning, String name, String tenant, List<String> unavailable) {
    List<String> parameters = parameters(meaning, name);
    if (parameters.isEmpty()) {
      return List.of();
    }
    Owners.Answers<List<Candidate>> answers =
        owners.ask(
            tenant, (connection, shard, all) -> candidates(connection, shard, meaning, parameters));
    answers.unavailable().stream().filter(s -> !unavailable.contains(s)).forEach(unavailable::add);
    return answers.given().stream()
        .flatMap(List::stream)
        .sorted(Comparator.comparing(Candidate::place, EventCursor.NEWEST_FIRST))
        .toList();
  }

  private static List<String> parameters(Meaning meaning, String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return switch (meaning) {
      case ID -> ID.matcher(lower).matches() ? List.of(lower) : List.of();
      case BEGIN_OF_ID -> {
        String digits = lower.replace("-", "");
        int missing = DIGITS - digits.length();
        yield BEGIN.matcher(lower).matches() && missing > 0 && missing < DIGITS
            ? List.of(digits + "0".repeat(missing), digits + "f".repeat(missing))
            : List.of();
      }
      default -> List.of(name);
    };
  }

  private static List<Candidate> candidates(
      Connection connection, String shard, Meaning meaning, List<String> parameters)
      throws SQLException {
    List<Candidate> found = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(meaning.sql)) {
      for (int i = 0; i < parameters.size(); i++) {
        statement.setString(i + 1, parameters.get(i));
      }
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(
              new Candidate(
                  rows.getString(1),
                  rows.getString(2),
                  shard,
                  rows.getString(4),
                  rows.getString(5),
                  rows.getString(6),
                  new EventCursor(
                      rows.getTimestamp(3).toInstant(),
                      java.util.UUID.fromString(rows.getString(2)))));
        }
      }
    }
    return found;
  }

  private Found found(Meaning meaning, List<Candidate> candidates, List<String> unavailable) {
    boolean one =
        switch (meaning) {
          case ID, BEGIN_OF_ID -> candidates.stream().map(Candidate::id).distinct().count() == 1;
          case EXTERNAL_ID -> candidates.stream().map(Candidate::object).distinct().count() == 1;
          case CORRELATION_ID -> candidates.stream().map(Candidate::tenant).distinct().count() == 1;
        };
    if (!one) {
      return new Found(null, candidates, unavailable);
    }
    // Of one object its newest event, of one correlation the event it began with.
    Candidate meant = candidates.get(meaning == Meaning.CORRELATION_ID ? candidates.size() - 1 : 0);
    return new Found(passport(meant), candidates, unavailable);
  }

  private ObjectNode passport(Candidate meant) {
    return owners
        .ask(
            meant.tenant(),
            (connection, shard, all) -> {
              try (PreparedStatement statement =
                  connection.prepareStatement("SELECT event_passport(?, ?::uuid)::text")) {
                statement.setString(1, meant.tenant());
                statement.setString(2, meant.id());
                try (ResultSet rows = statement.executeQuery()) {
                  rows.next();
                  return Passport.of(meant.id(), shard, rows.getString(1), null);
                }
              }
            })
        .given()
        .stream()
        .findFirst()
        .orElse(null);
  }
}
