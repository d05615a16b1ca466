package dev.cmmshub.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cmmshub.broker.CloudEventHeaders;
import dev.cmmshub.message.Event;
import dev.cmmshub.tenant.Tenants.Identity;
import dev.cmmshub.trace.Traces;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.support.DefaultMessage;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Turns an authenticated request into the message that goes to {@code hub.inbound}, and answers it.
 */
public final class EventIngress {
  private static final String EVENT = "event";
  private static final String EVENTS = "events";

  private final InFlight inFlight = new InFlight();
  private final EventReader reader;
  private final AcceptedEvents accepted;
  private final ReceivedEvents received;

  public EventIngress(EventReader reader, AcceptedEvents accepted, Traces traces) {
    this.reader = reader;
    this.accepted = accepted;
    this.received = new ReceivedEvents(traces);
  }

  /** Reads the event and leaves its bytes as body, its attributes as the only headers. */
  public void read(Exchange exchange) {
    Identity identity = Credentials.identity(exchange);
    Message message = exchange.getMessage();
    Event event =
        reader.read(
            identity.tenant(),
            exchange.getVariable("system", String.class),
            exchange.getVariable("contentType", String.class),
            exchange.getVariable("idempotencyKey", String.class),
            message.getBody(byte[].class));
    take(exchange, event.from(Received.by(exchange)));
  }

  /** Leaves an event that has been read. */
  void take(Exchange exchange, Event read) {
    inFlight.enter(exchange, read.data().length);
    Event event = received.begin(exchange, read);
    exchange.setVariable(EVENT, event);
    write(event, exchange.getMessage());
  }

  private static void write(Event event, Message message) {
    ProducerRecord<byte[], byte[]> record = CloudEventHeaders.toRecord("", event);
    message.setBody(record.value());
    message.setHeader(KafkaConstants.KEY, record.key());
    record.headers().forEach(header -> message.setHeader(header.key(), header.value()));
  }

  /** Leaves events the hub itself fetched as one body, so that the broker is waited for once. */
  public void offer(Exchange exchange, List<Event> read) {
    inFlight.enter(exchange, read.stream().mapToInt(event -> event.data().length).sum());
    List<Event> events = received.begin(exchange, read);
    exchange.setVariable(EVENTS, events);
    List<Message> messages = new ArrayList<>(events.size());
    for (Event event : events) {
      Message message = new DefaultMessage(exchange);
      write(event, message);
      messages.add(message);
    }
    exchange.getMessage().setBody(messages);
  }

  /** Remembers the event, or the events offered: the broker has acknowledged them. */
  public void remember(Exchange exchange) {
    if (exchange.getVariable(EVENTS) instanceof List<?> events) {
      events.forEach(event -> accepted.add((Event) event));
    } else {
      accepted.add(exchange.getVariable(EVENT, Event.class));
    }
  }

  /** Answers 202. */
  public void accept(Exchange exchange) {
    Event event = exchange.getVariable(EVENT, Event.class);
    Message message = exchange.getMessage();
    message.removeHeaders("*");
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, 202);
    message.setHeader(Exchange.CONTENT_TYPE, "application/json");
    message.setHeader("Location", location(exchange, event.id()));
    Throttle.tell(exchange, message);
    message.setBody(("{\"id\":\"" + event.id() + "\",\"status\":\"accepted\"}").getBytes(UTF_8));
  }

  /** Where to ask for the event's way, in the version the caller uses. */
  static String location(Exchange exchange, String id) {
    return '/' + CalledVersion.of(exchange) + "/events/" + id;
  }

  static String eventId(Exchange exchange) {
    return event(exchange).id();
  }

  /** The one event that was read, or null. */
  static Event event(Exchange exchange) {
    return exchange.getVariable(EVENT, Event.class);
  }
}
