package dev.cmmshub.notifier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.connector.CodeTables;
import dev.cmmshub.connector.Connector;
import dev.cmmshub.connector.Connector.Lookup;
import dev.cmmshub.connector.SystemSinks;
import dev.cmmshub.message.Failure;
import dev.cmmshub.message.Json;
import dev.cmmshub.message.MalformedPayloadException;
import dev.cmmshub.transform.Mapping;
import dev.cmmshub.transform.TransformException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpOperationFailedException;

/**
 * Asks a system whether it has an object before the object is created there, when an earlier
 * attempt may have created it: its outcome is unknown, or a process may have died before it noted
 * it. Only where the connector says how to ask, and only before requests that must not be repeated.
 */
public final class SystemLookups {
  /** An event accepted longer ago may have been sent by a process that is gone. */
  private static final Duration FRESH = Duration.ofSeconds(10);

  /** Answers that can mean that the object is not there. */
  private static final Set<Integer> ABSENT = Set.of(404, 410);

  private static final int LONGEST_ANSWER = 1 << 20;

  private final Map<String, Connector> connectors;
  private final CodeTables codes;
  private final Function<Path, Mapping> mappings;
  private final SystemSinks sinks;
  private final SystemFailures failures;
  private final Clock clock;
  private final Instant started;

  public SystemLookups(
      Map<String, Connector> connectors,
      CodeTables codes,
      Function<Path, Mapping> mappings,
      SystemSinks sinks,
      SystemFailures failures,
      Clock clock) {
    this.connectors = connectors;
    this.codes = codes;
    this.mappings = mappings;
    this.sinks = sinks;
    this.failures = failures;
    this.clock = clock;
    this.started = clock.instant();
  }

  /**
   * Returns when the request may be sent.
   *
   * @throws DeliveryException class {@code found} when the system has the object, class {@code
   *     lookup} when its answer cannot be read
   * @throws Exception as the Kamelet's HTTP call failed
   */
  public void settle(Exchange exchange) throws Exception {
    Delivery delivery = SystemRequests.delivery(exchange);
    Connector connector = connectors.get(SystemRequests.system(delivery).connector());
    SystemRequest write = exchange.getVariable(SystemRequests.REQUEST, SystemRequest.class);
    Optional<Lookup> lookup = connector.lookup(delivery.event().key().entity());
    if (lookup.isPresent() && !write.isRepeatable(connector) && mayBeThere(delivery)) {
      settle(exchange, delivery, lookup.get());
    }
    exchange.setVariable(SystemFailures.SETTLED, true);
  }

  private boolean mayBeThere(Delivery delivery) {
    Instant accepted = delivery.event().time();
    return delivery.unknown()
        || accepted.isBefore(started)
        || accepted.isBefore(clock.instant().minus(FRESH));
  }

  private void settle(Exchange exchange, Delivery delivery, Lookup lookup) throws Exception {
    JsonNode entity = Json.read(delivery.event().data());
    JsonNode request = apply(delivery, "lookup", lookup.request(), entity);
    if (!request.isObject()) {
      return;
    }
    ObjectNode answer =
        ask(
            delivery,
            SystemRequest.of(request, "GET").toExchange(exchange.getContext(), delivery.event()));
    answer.set("entity", entity);
    JsonNode found = apply(delivery, "found", lookup.found(), answer);
    if (!found.isBoolean()) {
      throw unreadable(delivery, lookup.found().getFileName() + " gave neither true nor false");
    }
    if (found.asBoolean()) {
      throw new DeliveryException(
          Failure.delivery(
              delivery.subscription().id(), Notifier.FOUND, "the system has it already"));
    }
  }

  private JsonNode apply(Delivery delivery, String kind, Path otherwise, JsonNode input) {
    try {
      Path file = SystemRequests.override(delivery, kind).orElse(otherwise);
      return mappings
          .apply(file)
          .apply(input, codes.of(delivery.tenant(), SystemRequests.system(delivery).name()));
    } catch (TransformException e) {
      throw unreadable(delivery, e.getMessage());
    }
  }

  private ObjectNode ask(Delivery delivery, Exchange call) throws Exception {
    try {
      sinks.send(delivery.tenant(), SystemRequests.system(delivery), call);
    } catch (Exception e) {
      Optional<HttpOperationFailedException> refused = SystemFailures.answer(e);
      if (refused.isPresent() && ABSENT.contains(refused.get().getStatusCode())) {
        String body = refused.get().getResponseBody();
        return answer(
            delivery,
            refused.get().getStatusCode(),
            body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8));
      }
      throw failures.toThrow(delivery, e, true);
    }
    byte[] body = body(call);
    call.getMessage().setBody(body);
    failures.check(delivery, call);
    return answer(
        delivery,
        call.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, 200, Integer.class),
        body);
  }

  private static byte[] body(Exchange call) throws IOException {
    InputStream body = call.getMessage().getBody(InputStream.class);
    return body == null ? new byte[0] : body.readNBytes(LONGEST_ANSWER);
  }

  private static ObjectNode answer(Delivery delivery, int status, byte[] body) {
    ObjectNode answer = Json.mapper().createObjectNode().put("status", status);
    try {
      answer.set("body", body.length == 0 ? NullNode.getInstance() : Json.read(body));
    } catch (MalformedPayloadException e) {
      if (!ABSENT.contains(status)) {
        throw unreadable(delivery, e.getMessage());
      }
      answer.putNull("body");
    }
    return answer;
  }

  private static DeliveryException unreadable(Delivery delivery, String why) {
    return new DeliveryException(
        Failure.delivery(
            delivery.subscription().id(), "lookup", "whether the system has it: " + why));
  }
}
