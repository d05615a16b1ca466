package dev.cmmshub.connector;

import dev.cmmshub.egress.EgressTarget;
import dev.cmmshub.tenant.Secret;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.component.kamelet.KameletComponent;

/**
 * What each Kamelet instance is called with. Parameters reach an instance through the component,
 * never through a URI, so that no log and no endpoint name can show a secret.
 *
 * <p>Also the lock of whoever starts or ends an instance: Camel does not take two at once.
 */
public final class KameletParameters {
  /** The parameter by which a Kamelet's HTTP calls are told for whom they are. */
  static final String EGRESS = "egress";

  private final Map<String, Properties> byInstance = new ConcurrentHashMap<>();
  private final HttpEgress egress;

  /** One for a context: the component has one place for parameters. */
  public KameletParameters(CamelContext context, HttpEgress egress) {
    this.egress = egress;
    context.getComponent("kamelet", KameletComponent.class).setRouteProperties(byInstance);
  }

  /** Before the instance starts. */
  void set(String instance, EgressTarget target, Map<String, Secret> parameters) {
    Properties properties = new Properties();
    parameters.forEach((name, value) -> properties.setProperty(name, literal(name, value)));
    properties.setProperty(EGRESS, egress.reference(target));
    byInstance.put(instance, properties);
  }

  void forget(String instance) {
    byInstance.remove(instance);
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
