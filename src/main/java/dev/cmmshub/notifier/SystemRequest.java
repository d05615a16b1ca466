package dev.cmmshub.notifier;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.connector.Connector;
import dev.cmmshub.message.Event;
import dev.cmmshub.message.Json;
import dev.cmmshub.message.TraceParent;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultExchange;

/**
 * What a system is asked, as a mapping gave it.
 *
 * @param path begins with a slash; a query may follow
 * @param body null when there is none
 */
record SystemRequest(String method, String path, String contentType, byte[] body) {
  /** The second time changes nothing, as HTTP has it. */
  private static final Set<String> REPEATABLE = Set.of("GET", "HEAD", "PUT", "DELETE");

  static SystemRequest of(JsonNode mapped, String otherMethod) {
    return new SystemRequest(
        mapped.path("method").asText(otherMethod),
        mapped.path("path").asText(),
        mapped.path("contentType").asText("application/json"),
        mapped.hasNonNull("body") ? Json.write(mapped.path("body")) : null);
  }

  /** Whether it may be sent again when nobody knows what became of it. */
  boolean isRepeatable(Connector connector) {
    return connector.idempotencyKey() || REPEATABLE.contains(method);
  }

  /** A new exchange, since a Kamelet leaves another message behind than it was given. */
  Exchange toExchange(CamelContext context, Event event) {
    Exchange exchange = new DefaultExchange(context);
    Message message = exchange.getMessage();
    message.setHeader(Exchange.HTTP_METHOD, method);
    message.setHeader(Exchange.HTTP_PATH, path);
    message.setHeader(Exchange.CONTENT_TYPE, contentType);
    message.setHeader("Idempotency-Key", event.id());
    if (event.trace() != null) {
      message.setHeader(TraceParent.HEADER, event.trace().value());
    }
    message.setBody(body);
    return exchange;
  }
}
