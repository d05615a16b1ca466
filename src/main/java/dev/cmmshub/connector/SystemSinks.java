package dev.cmmshub.connector;

import dev.cmmshub.egress.EgressTarget;
import dev.cmmshub.message.LogFields;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.TenantSystem;
import dev.cmmshub.tenant.Tenants;
import java.time.Duration;
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
 * on first need, and ended when it was not called for long or its system is another one now; never
 * while a call is under way.
 */
public final class SystemSinks {
  private static final Logger LOG = LoggerFactory.getLogger(SystemSinks.class);
  private static final long DRAIN_SECONDS = 30;

  /** An instance as it was started. */
  private record Sink(
      String instance, EgressTarget target, TenantSystem system, Producer producer, Usage usage) {}

  private final CamelContext context;
  private final Map<String, Connector> connectors;
  private final KameletParameters parameters;
  private final Map<String, Sink> sinks = new ConcurrentHashMap<>();

  /** Nobody calls them any more, but somebody may still be at it. */
  private final Map<String, Sink> leaving = new ConcurrentHashMap<>();

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
    Sink sink = enter(new EgressTarget(tenant.id(), system.name()), kamelet, system);
    try {
      sink.producer().process(exchange);
    } finally {
      sink.usage().leave();
    }
    if (exchange.getException() != null) {
      throw exchange.getException();
    }
  }

  private Sink enter(EgressTarget target, String kamelet, TenantSystem system) {
    String name = target.tenant() + "." + target.name();
    Sink known = sinks.get(name);
    if (known != null && known.system().equals(system) && known.usage().enter()) {
      return known;
    }
    return sinks.compute(
        name,
        (key, before) -> {
          if (before != null && before.system().equals(system) && before.usage().enter()) {
            return before;
          }
          boolean isFree = before == null && !leaving.containsKey(name);
          String instance = isFree ? name : name + "." + generation.incrementAndGet();
          Producer producer = start(kamelet, instance, target, system);
          if (before != null) {
            leaving.put(before.instance(), before);
          }
          Sink started = new Sink(instance, target, system, producer, new Usage());
          started.usage().enter();
          return started;
        });
  }

  /**
   * Ends what was idle for so long, and what no enabled system of these tenants is like. What is
   * called still ends when it is not any more.
   */
  public void endUnused(Tenants now, Duration idle) {
    for (String name : sinks.keySet()) {
      sinks.computeIfPresent(name, (key, sink) -> keep(sink, now, idle));
    }
    for (Sink sink : leaving.values()) {
      if (sink.usage().endIfIdle(Duration.ZERO)) {
        end(sink);
        leaving.remove(sink.instance());
      }
    }
  }

  private Sink keep(Sink sink, Tenants now, Duration idle) {
    if (!isWanted(sink, now)) {
      leaving.put(sink.instance(), sink);
      return null;
    }
    if (sink.usage().endIfIdle(idle)) {
      end(sink);
      return null;
    }
    return sink;
  }

  private static boolean isWanted(Sink sink, Tenants now) {
    return now.byId(sink.target().tenant())
        .filter(Tenant::enabled)
        .flatMap(tenant -> tenant.system(sink.target().name()))
        .filter(system -> system.enabled() && system.equals(sink.system()))
        .isPresent();
  }

  private Producer start(
      String kamelet, String instance, EgressTarget target, TenantSystem system) {
    parameters.set(instance, target, system.parameters());
    try {
      // Camel's own error handler would log a stack trace of each refusal, which the failure of the
      // delivery tells anyway.
      synchronized (parameters) {
        Producer producer =
            context
                .getEndpoint("kamelet:" + kamelet + "/" + instance + "?noErrorHandler=true")
                .createProducer();
        producer.start();
        return producer;
      }
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

  private void end(Sink old) {
    try {
      synchronized (parameters) {
        context.getRouteController().stopRoute(old.instance(), DRAIN_SECONDS, TimeUnit.SECONDS);
        context.removeRoute(old.instance());
        old.producer().stop();
        context.removeEndpoint(old.producer().getEndpoint());
      }
    } catch (Exception e) {
      LogFields.system(LOG.atWarn(), old.target().tenant(), old.target().name())
          .log("Sink {} did not end: {}", old.instance(), e.getMessage());
    }
    parameters.forget(old.instance());
  }
}
