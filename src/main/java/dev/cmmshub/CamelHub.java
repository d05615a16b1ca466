package dev.cmmshub;

import java.util.Properties;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.main.SimpleMainShutdownStrategy;

/** The Camel part of a hub: YAML routes and Kamelets from the folders, beans by name. */
final class CamelHub implements AutoCloseable {
  private final Main main = new Main();

  /**
   * @param binder binds the beans that routes name, before any route is read
   */
  CamelHub(HubSettings settings, Backends backends, Consumer<CamelContext> binder) {
    // Ending the process is our own affair: Camel's hook would race with the end of the servers.
    main.setShutdownStrategy(new SimpleMainShutdownStrategy());
    main.setDefaultPropertyPlaceholderLocation("false");
    Properties properties = new Properties();
    properties.putAll(settings.all());
    properties.setProperty("hub.kafka.brokers", backends.kafkaBrokers());
    main.setInitialProperties(properties);
    main.addMainListener(
        new MainListenerSupport() {
          @Override
          public void beforeConfigure(BaseMainSupport started) {
            CamelContext context = started.getCamelContext();
            context.addRoutePolicyFactory(RouteMeters.factory());
            binder.accept(context);
          }
        });
  }

  /**
   * Returns when all routes have started.
   *
   * @throws IllegalStateException when one does not, with what Camel says of it
   */
  CamelContext start() {
    try {
      main.start();
      return main.getCamelContext();
    } catch (Exception e) {
      throw new IllegalStateException("the routes do not start: " + rootOf(e).getMessage(), e);
    }
  }

  private static Throwable rootOf(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  /** Stops consumers and the gateway, and waits for what is in flight. */
  @Override
  public void close() {
    main.stop();
  }
}
