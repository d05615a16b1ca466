package dev.cmmshub.gateway;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/**
 * The first step of every ingress route: what the hub reads of a request becomes variables, every
 * header goes. Nothing a caller names can reach a Camel component or Kafka.
 */
public final class Ingress {
  /** All that a post can tell besides its path and its body. */
  static final List<String> HEADERS_OF_POSTS =
      List.of("authorization", "x-api-key", "content-type", "idempotency-key");

  /** Lower-case header, path or query parameter, and the variable it becomes. */
  private static final Map<String, String> ALLOWED =
      Map.ofEntries(
          Map.entry("authorization", "authorization"),
          Map.entry("x-api-key", "apiKey"),
          Map.entry("content-type", "contentType"),
          Map.entry("idempotency-key", "idempotencyKey"),
          Map.entry("if-none-match", "ifNoneMatch"),
          Map.entry("camelhttpurl", "url"),
          Map.entry("system", "system"),
          Map.entry("entity", "entity"),
          Map.entry("id", "id"),
          Map.entry("updatedsince", "updatedSince"),
          Map.entry("limit", "limit"),
          Map.entry("cursor", "cursor"),
          Map.entry("camelhttpquery", "query"));

  /** Keeps the allow-listed values as exchange variables and removes all headers. */
  public void keepAllowed(Exchange exchange) {
    Message message = exchange.getMessage();
    Map<String, String> kept = new HashMap<>();
    message
        .getHeaders()
        .forEach(
            (name, value) -> {
              String variable = ALLOWED.get(name.toLowerCase(Locale.ROOT));
              if (variable != null && value != null) {
                kept.put(variable, first(value));
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
