package dev.cmmshub.gateway;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.message.Json;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** Tells where an event is and was. */
public final class EventHistory {
  private final AcceptedEvents accepted;

  public EventHistory(AcceptedEvents accepted) {
    this.accepted = accepted;
  }

  /**
   * Answers {@code {"id", "status", "steps": [{"step", "at", …}]}}; the status is the furthest
   * step.
   *
   * @throws ProblemException 404 when no step of it is known
   */
  public void answer(Exchange exchange) {
    String id = exchange.getVariable("id", String.class);
    String tenant = Credentials.identity(exchange).tenant().id();
    Optional<Instant> acceptedAt = accepted.acceptedAt(tenant, id);
    List<Map<String, Object>> rows = EntityReader.rows(exchange);
    if (rows.isEmpty() && acceptedAt.isEmpty()) {
      throw new ProblemException(
          404,
          "unknown-event",
          "no step of this event is known yet: if it was accepted just now, ask again in a moment");
    }
    ObjectNode document = Json.mapper().createObjectNode();
    document.put("id", id);
    document.put("status", status(rows));
    ArrayNode steps = document.putArray("steps");
    acceptedAt.ifPresent(at -> steps.addObject().put("step", "accepted").put("at", at.toString()));
    rows.forEach(row -> addStep(steps, row));
    Message message = exchange.getMessage();
    message.removeHeaders("*");
    Throttle.tell(exchange, message);
    message.setHeader(Exchange.CONTENT_TYPE, "application/json");
    message.setBody(Json.write(document));
  }

  private static String status(List<Map<String, Object>> rows) {
    for (String furthest :
        List.of("dead-lettered", "parked", "discarded", "delivered", "applied")) {
      if (rows.stream().anyMatch(row -> furthest.equals(reached(row)))) {
        return furthest;
      }
    }
    return "accepted";
  }

  /** What an observer had already when it was asked is delivered. */
  private static Object reached(Map<String, Object> row) {
    return "found".equals(row.get("step")) ? "delivered" : row.get("step");
  }

  private static void addStep(ArrayNode steps, Map<String, Object> row) {
    ObjectNode step = steps.addObject();
    step.put("step", (String) row.get("step"));
    step.put("at", ((Timestamp) row.get("at")).toInstant().toString());
    if (!((String) row.get("detail")).isEmpty()) {
      step.put("to", (String) row.get("detail"));
      step.put("attempt", ((Number) row.get("attempt")).intValue());
    }
    if (!((String) row.get("reason")).isEmpty()) {
      step.put("reason", (String) row.get("reason"));
    }
  }
}
