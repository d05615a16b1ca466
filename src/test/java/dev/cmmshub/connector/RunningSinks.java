package dev.cmmshub.connector;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.Exchange;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.PluginHelper;

/** A Camel context with the sink Kamelets of all connectors, called as the hub calls them. */
final class RunningSinks implements AutoCloseable {
  static final String BODY = "{\"name\":\"Dichtung ü\"}";

  private final DefaultCamelContext context = new DefaultCamelContext();
  private final Map<String, Properties> instances = new HashMap<>();
  private final String baseUrl;

  RunningSinks(String baseUrl) throws Exception {
    this.baseUrl = baseUrl;
    context.getComponent("kamelet", KameletComponent.class).setRouteProperties(instances);
    for (String name : List.of("cmms-rest", "odoo", "sap-s4hana")) {
      PluginHelper.getRoutesLoader(context)
          .loadRoutes(
              PluginHelper.getResourceLoader(context)
                  .resolveResource("file:connectors/" + name + "/" + name + "-sink.kamelet.yaml"));
    }
    context.start();
  }

  /** Braces are escaped: Camel would take them for a placeholder of its own. */
  void instance(String name, Map<String, String> parameters) {
    Properties properties = new Properties();
    properties.setProperty("baseUrl", baseUrl);
    parameters.forEach(
        (key, value) ->
            properties.setProperty(key, value.replace("{{", "\\{{").replace("}}", "\\}}")));
    instances.put(name, properties);
  }

  /** Prepares the instance {@code acme} with any credentials and so many calls to open. */
  void ready(String connector, int minimumNumberOfCalls) {
    instance(
        "acme",
        switch (connector) {
          case "cmms-rest" -> Map.of("apiToken", "t");
          case "odoo" -> Map.of("apiKey", "k");
          default -> Map.of("username", "u", "password", "p");
        });
    set("acme", "minimumNumberOfCalls", "" + minimumNumberOfCalls);
    set("acme", "slidingWindowSize", "" + minimumNumberOfCalls);
  }

  void set(String instance, String parameter, String value) {
    instances.get(instance).setProperty(parameter, value);
  }

  void copy(String instance, String other) {
    instances.put(other, instances.get(instance));
  }

  Exchange send(String kamelet, String method, String path) {
    return sendAgain(kamelet, new DefaultExchange(context), method, path);
  }

  Exchange sendAgain(String kamelet, Exchange exchange, String method, String path) {
    exchange.setException(null);
    exchange.getMessage().removeHeaders("*");
    exchange.getMessage().setBody(BODY.getBytes(StandardCharsets.UTF_8));
    exchange.getMessage().setHeader(Exchange.HTTP_METHOD, method);
    exchange.getMessage().setHeader(Exchange.HTTP_PATH, path);
    exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, "application/json");
    exchange.getMessage().setHeader("Idempotency-Key", "event-1");
    exchange.getMessage().setHeader("traceparent", "00-trace");
    return context.createProducerTemplate().send("kamelet:" + kamelet, exchange);
  }

  @Override
  public void close() {
    context.stop();
  }
}
