package dev.cmmshub.notifier;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.connector.CodeTables;
import dev.cmmshub.connector.Connector;
import dev.cmmshub.connector.Direction;
import dev.cmmshub.connector.SystemSinks;
import dev.cmmshub.message.Failure;
import dev.cmmshub.message.Json;
import dev.cmmshub.tenant.TenantSystem;
import dev.cmmshub.transform.Mapping;
import dev.cmmshub.transform.TransformException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.camel.Exchange;

/**
 * Turns a canonical event into the request its system wants, by the to-erp mapping, and sends it.
 */
public final class SystemRequests {
  /** The variable the request travels in. */
  static final String REQUEST = "request";

  private final Map<String, Connector> connectors;
  private final CodeTables codes;
  private final Function<Path, Mapping> mappings;
  private final SystemSinks sinks;
  private final SystemFailures failures;

  public SystemRequests(
      Map<String, Connector> connectors,
      CodeTables codes,
      Function<Path, Mapping> mappings,
      SystemSinks sinks,
      SystemFailures failures) {
    this.connectors = connectors;
    this.codes = codes;
    this.mappings = mappings;
    this.sinks = sinks;
    this.failures = failures;
  }

  /**
   * Leaves the request in the variable {@code request}.
   *
   * @throws DeliveryException class {@code skipped} when the system does not take such events,
   *     class {@code mapping} when the mapping fails
   */
  public void translate(Exchange exchange) {
    exchange.setVariable(REQUEST, SystemRequest.of(request(delivery(exchange)), "POST"));
  }

  /** What the to-erp mapping makes of it. */
  JsonNode request(Delivery delivery) {
    String entity = delivery.event().key().entity();
    TenantSystem system = system(delivery);
    Optional<Path> file =
        override(delivery, Direction.TO_ERP.text())
            .or(() -> connectors.get(system.connector()).mapping(entity, Direction.TO_ERP));
    if (file.isEmpty()) {
      throw failed(
          delivery,
          Notifier.SKIPPED,
          "connector " + system.connector() + " does not write " + entity);
    }
    try {
      JsonNode request =
          mappings
              .apply(file.get())
              .apply(
                  Json.read(delivery.event().data()), codes.of(delivery.tenant(), system.name()));
      if (!request.isObject()) {
        throw failed(delivery, Notifier.SKIPPED, "the mapping does not want it");
      }
      return request;
    } catch (TransformException e) {
      throw failed(delivery, "mapping", e.getMessage());
    }
  }

  /** The tenant's own mapping of this kind for the event's entity, if it has one. */
  static Optional<Path> override(Delivery delivery, String kind) {
    String name = system(delivery).name() + '/' + delivery.event().key().entity() + '.' + kind;
    return Optional.ofNullable(delivery.tenant().mappings().get(name)).map(Path::of);
  }

  /**
   * Calls the system's sink.
   *
   * @throws DeliveryException when the same call at once would not help
   * @throws Exception as the Kamelet's HTTP call failed, when it may
   */
  public void send(Exchange exchange) throws Exception {
    Delivery delivery = delivery(exchange);
    TenantSystem system = system(delivery);
    SystemRequest request = exchange.getVariable(REQUEST, SystemRequest.class);
    Exchange call = request.toExchange(exchange.getContext(), delivery.event());
    try {
      sinks.send(delivery.tenant(), system, call);
    } catch (Exception e) {
      boolean repeatable = request.isRepeatable(connectors.get(system.connector()));
      throw failures.toThrow(delivery, e, repeatable);
    }
    failures.check(delivery, call);
  }

  static TenantSystem system(Delivery delivery) {
    return delivery.tenant().system(delivery.subscription().to()).orElseThrow();
  }

  static Delivery delivery(Exchange exchange) {
    return exchange.getVariable(SystemSender.DELIVERY, Delivery.class);
  }

  private static DeliveryException failed(Delivery delivery, String errorClass, String reason) {
    return new DeliveryException(
        Failure.delivery(delivery.subscription().id(), errorClass, reason));
  }
}
