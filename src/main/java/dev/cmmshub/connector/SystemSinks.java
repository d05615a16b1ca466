package dev.cmmshub.connector;

import dev.cmmshub.egress.EgressTarget;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.TenantSystem;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Producer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running sinks: one instance of the connector's sink Kamelet for each tenant's system, started
 * on first need, and another one in its place when the system's parameters changed.
 */
public final class SystemSinks {
  private static final Logger LOG = LoggerFactory.getLogger(SystemSinks.class);
  private static final long DRAIN_SECONDS = 30;

  /** An instance as it was started. */
  private record Sink(String instance, TenantSystem system, Producer producer) {}

  private final CamelContext context;
  private final Map<String, Connector> connectors;
  private final KameletParameters parameters;
  private final Map<String, Sink> sinks = new ConcurrentHashMap<>();
  private final AtomicInteger generation = new AtomicInteger();

  public SystemSinks(
      CamelContext context, KameletParameters parameters, Map<String, Connector> connectors) {
    this.context = context;
    this.parameters = parameters;
    this.connectors = connectors;
  }

  /**
   * Calls the system with the exchange's message and lets its error handler see what went wrong.
   *
   * @throws Exception as the Kamelet's HTTP call failed
   */
  public void send(Tenant tenant, TenantSystem system, Exchange exchange) throws Exception {
    Connector connector = connectors.get(system.connector());
    String kamelet =
        connector
            .sink()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "connector " + connector.name() + " cannot be written to: it has no sink"));
    sink(new EgressTarget(tenant.id(), system.name()), kamelet, system)
        .producer()
        .process(exchange);
    if (exchange.getException() != null) {
      throw exchange.getException();
    }
  }

  private Sink sink(EgressTarget target, String kamelet, TenantSystem system) {
    String name = target.tenant() + "." + target.name();
    Sink known = sinks.get(name);
    if (known != null && known.system().equals(system)) {
      return known;
    }
    Sink[] replaced = new Sink[1];
    Sink current =
        sinks.compute(
            name,
            (key, before) -> {
              if (before != null && before.system().equals(system)) {
                return before;
              }
              replaced[0] = before;
              String instance = before == null ? name : name + "." + generation.incrementAndGet();
              return new Sink(instance, system, start(kamelet, instance, target, system));
            });
    if (replaced[0] != null) {
      Thread ending = new Thread(() -> end(replaced[0]), "sink-ending");
      ending.setDaemon(true);
      ending.start();
    }
    return current;
  }

  private Producer start(
      String kamelet, String instance, EgressTarget target, TenantSystem system) {
    parameters.set(instance, target, system.parameters());
    try {
      // Camel's own error handler would log a stack trace of each refusal, which the failure of the
      // delivery tells anyway.
      Producer producer =
          context
              .getEndpoint("kamelet:" + kamelet + "/" + instance + "?noErrorHandler=true")
              .createProducer();
      producer.start();
      return producer;
    } catch (Exception e) {
      // Whatever the Kamelet refuses (a missing parameter, mostly) the delivery fails with.
      throw new IllegalStateException(
          "sink "
              + kamelet
              + " of "
              + instance
              + " does not start: "
              + e.getMessage()
              + "; check the system's parameters",
          e);
    }
  }

  /** Calls that are under way end first. */
  private void end(Sink old) {
    try {
      context.getRouteController().stopRoute(old.instance(), DRAIN_SECONDS, TimeUnit.SECONDS);
      context.removeRoute(old.instance());
      old.producer().stop();
      context.removeEndpoint(old.producer().getEndpoint());
    } catch (Exception e) {
      LOG.warn("The former sink {} did not end: {}", old.instance(), e.getMessage());
    }
    parameters.forget(old.instance());
  }
}
