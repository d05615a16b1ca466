package dev.cmmshub.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.message.Json;
import dev.cmmshub.message.ProblemException;
import dev.cmmshub.store.event.Passport;
import java.time.Instant;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** Tells where an event is and was. */
public final class EventHistory {
  private static final String SHARD = "shard-";

  private final AcceptedEvents accepted;

  public EventHistory(AcceptedEvents accepted) {
    this.accepted = accepted;
  }

  /**
   * Answers the event's {@link Passport}; the status is the furthest step.
   *
   * @throws ProblemException 404 when no step of it is known
   */
  public void answer(Exchange exchange) {
    String id = exchange.getVariable("id", String.class);
    String tenant = Credentials.identity(exchange).tenant().id();
    Optional<Instant> acceptedAt = accepted.acceptedAt(tenant, id);
    String told = (String) EntityReader.rows(exchange).get(0).get("told");
    if (told == null && acceptedAt.isEmpty()) {
      throw new ProblemException(
          404,
          "unknown-event",
          "no step of this event is known yet: if it was accepted just now, ask again in a moment");
    }
    String shard = exchange.getVariable("shard", String.class).substring(SHARD.length());
    ObjectNode passport = Passport.of(id, shard, told, acceptedAt.orElse(null));
    Message message = exchange.getMessage();
    message.removeHeaders("*");
    Throttle.tell(exchange, message);
    message.setHeader(Exchange.CONTENT_TYPE, "application/json");
    message.setBody(Json.write(Passport.forTenant(passport)));
  }
}
