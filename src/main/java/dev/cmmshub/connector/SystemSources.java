package dev.cmmshub.connector;

import dev.cmmshub.egress.EgressTarget;
import dev.cmmshub.message.LogFields;
import dev.cmmshub.tenant.Secret;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Producer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running sources: one instance of the connector's source Kamelet for each resource of a
 * tenant's system, started on first need, anew when its parameters changed, and ended when it was
 * not called for long.
 */
public final class SystemSources {
  private static final Logger LOG = LoggerFactory.getLogger(SystemSources.class);

  /** What a source is called with besides the parameters of its system. */
  static final String POLL = "poll";

  /** A source that has started. */
  private record Running(
      EgressTarget target,
      Map<String, Secret> parameters,
      Endpoint kamelet,
      Consumer pages,
      Producer asking,
      Usage usage) {}

  private final CamelContext context;
  private final KameletParameters parameters;
  private final Map<String, Running> running = new ConcurrentHashMap<>();

  public SystemSources(CamelContext context, KameletParameters parameters) {
    this.context = context;
    this.parameters = parameters;
  }

  /**
   * Asks for one page. The Kamelet reads what it needs from the exchange's variables and leaves the
   * system's answer as body. One call at a time for an instance.
   *
   * @param instance names it: tenant, system and resource
   * @param target whose system it is
   * @throws Exception as the Kamelet's HTTP call failed
   */
  public void ask(
      String kamelet,
      String instance,
      EgressTarget target,
      Map<String, Secret> given,
      Exchange exchange)
      throws Exception {
    Running source = enter(kamelet, instance, target, given);
    try {
      source.asking().process(exchange);
    } finally {
      source.usage().leave();
    }
    if (exchange.getException() != null) {
      throw exchange.getException();
    }
  }

  private Running enter(
      String kamelet, String instance, EgressTarget target, Map<String, Secret> given) {
    Running source = running.get(instance);
    if (source == null || !source.parameters().equals(given) || !source.usage().enter()) {
      stop(instance);
      source = start(kamelet, instance, target, given);
      source.usage().enter();
      running.put(instance, source);
    }
    return source;
  }

  private Running start(
      String kamelet, String instance, EgressTarget target, Map<String, Secret> given) {
    Map<String, Secret> all = new TreeMap<>(given);
    all.put(POLL, new Secret(instance));
    parameters.set(instance, target, all);
    try {
      // Camel's own error handler would log what whoever asked is told anyway.
      synchronized (parameters) {
        Endpoint endpoint =
            context.getEndpoint("kamelet:" + kamelet + "/" + instance + "?noErrorHandler=true");
        // Whoever asked goes on with what the Kamelet emits.
        Consumer pages = endpoint.createConsumer(page -> {});
        pages.start();
        Producer asking = context.getEndpoint("direct:" + instance).createProducer();
        asking.start();
        return new Running(target, given, endpoint, pages, asking, new Usage());
      }
    } catch (Exception e) {
      throw new IllegalStateException(
          "source "
              + kamelet
              + " of "
              + instance
              + " does not start: "
              + rootOf(e).getMessage()
              + "; check the system's parameters",
          e);
    }
  }

  /** What Camel puts around it tells nothing about the parameters. */
  private static Throwable rootOf(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  /** Ends an instance, if there is one. */
  public void stop(String instance) {
    running.computeIfPresent(
        instance,
        (name, source) -> {
          end(name, source);
          return null;
        });
  }

  /** Ends those that were not asked for so long; the next question starts them again. */
  public void endUnused(Duration idle) {
    for (String instance : running.keySet()) {
      running.computeIfPresent(
          instance,
          (name, source) -> {
            if (!source.usage().endIfIdle(idle)) {
              return source;
            }
            end(name, source);
            return null;
          });
    }
  }

  private void end(String instance, Running source) {
    try {
      synchronized (parameters) {
        source.asking().stop();
        source.pages().stop();
        context.getRouteController().stopRoute(instance);
        context.removeRoute(instance);
        context.removeEndpoint(source.kamelet());
        context.removeEndpoint(source.asking().getEndpoint());
      }
    } catch (Exception e) {
      // A remainder of it holds memory and does nothing.
      LogFields.system(LOG.atWarn(), source.target().tenant(), source.target().name())
          .log("Source {} did not stop cleanly: {}", instance, e.toString());
    }
    parameters.forget(instance);
  }
}
