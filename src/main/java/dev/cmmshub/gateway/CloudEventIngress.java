package dev.cmmshub.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cmmshub.gateway.cloudevents.BinaryMode;
import dev.cmmshub.gateway.cloudevents.CloudEvent;
import dev.cmmshub.gateway.cloudevents.EventObject;
import dev.cmmshub.gateway.cloudevents.StructuredMode;
import dev.cmmshub.message.Event;
import dev.cmmshub.message.Payloads;
import dev.cmmshub.message.ProblemException;
import dev.cmmshub.tenant.Tenant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** The same as {@link EventIngress} for requests that carry CloudEvents, one or a batch. */
public final class CloudEventIngress {
  /** What is wrong with one event alone; all else is about the request. */
  private static final Set<Integer> OF_THE_EVENT = Set.of(400, 413, 415, 422);

  private static final String BATCH = "batch";

  private final EventReader reader;
  private final EventIngress ingress;

  public CloudEventIngress(EventReader reader, EventIngress ingress) {
    this.reader = reader;
    this.ingress = ingress;
  }

  /** Reads the event or the events; of a batch all or none is taken. */
  public void read(Exchange exchange) {
    String contentType = exchange.getVariable("contentType", String.class);
    byte[] body = exchange.getMessage().getBody(byte[].class);
    if (!StructuredMode.is(contentType)) {
      take(
          exchange,
          BinaryMode.read(name -> exchange.getVariable(name, String.class), contentType, body));
    } else if (Payloads.mediaType(contentType).equals(StructuredMode.ONE)) {
      take(exchange, StructuredMode.read(body));
    } else {
      takeAll(exchange, StructuredMode.readBatch(body));
    }
  }

  private void take(Exchange exchange, CloudEvent event) {
    ingress.take(exchange, read(exchange, event));
  }

  private Event read(Exchange exchange, CloudEvent event) {
    Tenant tenant = Credentials.identity(exchange).tenant();
    String system = exchange.getVariable("system", String.class);
    return reader
        .read(tenant, system, new CloudEventContext(event), event.data())
        .from(Received.by(exchange));
  }

  private void takeAll(Exchange exchange, List<EventObject> objects) {
    List<Event> events = new ArrayList<>(objects.size());
    BadEventsException.Errors errors = new BadEventsException.Errors();
    for (int i = 0; i < objects.size(); i++) {
      try {
        events.add(read(exchange, objects.get(i).toEvent()));
      } catch (ProblemException e) {
        if (!OF_THE_EVENT.contains(e.status())) {
          throw e;
        }
        errors.add(i, e);
      }
    }
    errors.throwIfAny(objects.size());
    exchange.setVariable(BATCH, events);
    if (events.isEmpty()) {
      accept(exchange);
      exchange.setRouteStop(true);
    } else {
      ingress.offer(exchange, events);
    }
  }

  /** Answers 202, of a batch with all ids in its order. */
  public void accept(Exchange exchange) {
    if (!(exchange.getVariable(BATCH) instanceof List<?> events)) {
      ingress.accept(exchange);
      return;
    }
    Message message = exchange.getMessage();
    message.removeHeaders("*");
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, 202);
    message.setHeader(Exchange.CONTENT_TYPE, "application/json");
    Throttle.tell(exchange, message);
    message.setBody(
        events.stream()
            .map(event -> '"' + ((Event) event).id() + '"')
            .collect(Collectors.joining(",", "{\"ids\":[", "],\"status\":\"accepted\"}"))
            .getBytes(UTF_8));
  }
}
