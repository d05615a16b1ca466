package dev.cmmshub.gateway;

import dev.cmmshub.gateway.cloudevents.BinaryMode;
import dev.cmmshub.message.TraceParent;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/**
 * The first step of every ingress route: what the hub reads of a request becomes variables, every
 * header goes. Nothing a caller names can reach a Camel component or Kafka.
 */
public final class Ingress {
  /** All that a post can tell besides its path and its body. */
  static final List<String> HEADERS_OF_POSTS =
      List.of("authorization", "x-api-key", "content-type", "idempotency-key", TraceParent.HEADER);

  /** And what one with CloudEvents can tell. */
  static final List<String> HEADERS_OF_CLOUD_EVENTS =
      Stream.concat(HEADERS_OF_POSTS.stream(), BinaryMode.HEADERS.stream()).toList();

  /** What an upload can tell besides. */
  static final List<String> PARAMETERS_OF_UPLOADS = List.of("name", "entity", "offset");

  static final List<String> HEADERS_OF_UPLOADS =
      Stream.concat(HEADERS_OF_POSTS.stream(), Stream.of("content-length")).toList();

  /** Lower-case header, path or query parameter, and the variable it becomes. */
  private static final Map<String, String> ALLOWED = new HashMap<>();

  static {
    PARAMETERS_OF_UPLOADS.forEach(name -> ALLOWED.put(name.toLowerCase(Locale.ROOT), name));
    ALLOWED.put("content-length", "contentLength");
    BinaryMode.HEADERS.forEach(name -> ALLOWED.put(name, name));
    ALLOWED.putAll(
        Map.ofEntries(
            Map.entry("authorization", "authorization"),
            Map.entry("x-api-key", "apiKey"),
            Map.entry("content-type", "contentType"),
            Map.entry("idempotency-key", "idempotencyKey"),
            Map.entry("if-none-match", "ifNoneMatch"),
            Map.entry(TraceParent.HEADER, ReceivedEvents.CALLER),
            Map.entry("camelhttpurl", "url"),
            Map.entry("version", CalledVersion.VERSION),
            Map.entry("system", "system"),
            Map.entry("entity", "entity"),
            Map.entry("id", "id"),
            Map.entry("updatedsince", "updatedSince"),
            Map.entry("limit", "limit"),
            Map.entry("cursor", "cursor"),
            Map.entry("action", "action"),
            Map.entry("state", "state"),
            Map.entry("form", "form"),
            Map.entry("key", "key"),
            Map.entry("camelhttpquery", "query"),
            Map.entry("token", "token"),
            Map.entry("validationtoken", "validationToken")));
  }

  /** Before the name of a header that a signature is checked with, in lower case. */
  private static final String SIGNATURE = "signature-";

  private final Set<String> signatureHeaders;

  /**
   * @param signatureHeaders what is kept besides, for checking signatures
   */
  public Ingress(Collection<String> signatureHeaders) {
    this.signatureHeaders =
        signatureHeaders.stream()
            .map(name -> name.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
  }

  /** The value of such a header, or null. */
  static String signatureHeader(Exchange exchange, String name) {
    return exchange.getVariable(SIGNATURE + name.toLowerCase(Locale.ROOT), String.class);
  }

  /** Keeps the allow-listed values as exchange variables and removes all headers. */
  public void keepAllowed(Exchange exchange) {
    Message message = exchange.getMessage();
    Map<String, String> kept = new HashMap<>();
    message
        .getHeaders()
        .forEach(
            (name, value) -> {
              String lower = name.toLowerCase(Locale.ROOT);
              String variable = ALLOWED.get(lower);
              if (variable != null && value != null) {
                kept.put(variable, first(value));
              }
              if (value != null && signatureHeaders.contains(lower)) {
                kept.put(SIGNATURE + lower, first(value));
              }
            });
    message.removeHeaders("*");
    kept.forEach(exchange::setVariable);
  }

  private static String first(Object value) {
    return value instanceof Iterable<?> many
        ? String.valueOf(many.iterator().next())
        : value.toString();
  }
}
