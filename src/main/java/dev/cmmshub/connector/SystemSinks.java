package dev.cmmshub.connector;

import dev.cmmshub.tenant.Secret;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.TenantSystem;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Producer;
import org.apache.camel.component.kamelet.KameletComponent;

/**
 * The running sinks: one instance of the connector's sink Kamelet for each tenant's system, started
 * on first need. Parameters reach an instance through the component, never through a URI, so that
 * no log and no endpoint name can show a secret.
 */
public final class SystemSinks {
  private final CamelContext context;
  private final Map<String, Connector> connectors;
  private final Map<String, Properties> parameters = new ConcurrentHashMap<>();
  private final Map<String, Producer> producers = new ConcurrentHashMap<>();

  public SystemSinks(CamelContext context, Map<String, Connector> connectors) {
    this.context = context;
    this.connectors = connectors;
    KameletComponent kamelets = context.getComponent("kamelet", KameletComponent.class);
    kamelets.setRouteProperties(parameters);
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
    String instance = tenant.id() + "." + system.name();
    producers.computeIfAbsent(instance, name -> start(kamelet, name, system)).process(exchange);
    if (exchange.getException() != null) {
      throw exchange.getException();
    }
  }

  private Producer start(String kamelet, String instance, TenantSystem system) {
    Properties properties = new Properties();
    system
        .parameters()
        .forEach((name, value) -> properties.setProperty(name, literal(name, value)));
    parameters.put(instance, properties);
    try {
      Producer producer =
          context.getEndpoint("kamelet:" + kamelet + "/" + instance).createProducer();
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

  /** Camel would take braces in a value for a placeholder of its own. */
  private static String literal(String name, Secret value) {
    String text = value.value();
    if (text.contains("{{{") || text.contains("\\{{") || text.contains("}}}")) {
      throw new IllegalArgumentException(
          "parameter "
              + name
              + ": three braces in a row, or a backslash before two, are not possible");
    }
    return text.replace("{{", "\\{{").replace("}}", "\\}}");
  }
}
