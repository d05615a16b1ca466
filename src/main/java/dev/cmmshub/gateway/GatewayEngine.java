package dev.cmmshub.gateway;

import java.util.Set;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpEngine;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;

/** Serves the routes that never block on the event loop, all others on worker threads. */
final class GatewayEngine extends VertxPlatformHttpEngine {
  /** They compute, and hand over to Kafka's client, which answers later. */
  private static final Set<String> NEVER_BLOCKING =
      Set.of("POST /v1/events/{system}", "POST /v1/soap/{system}");

  @Override
  public PlatformHttpConsumer createConsumer(PlatformHttpEndpoint endpoint, Processor processor) {
    String route = endpoint.getHttpMethodRestrict() + " " + endpoint.getPath();
    return NEVER_BLOCKING.contains(route)
        ? new EventLoopConsumer(
            endpoint, processor, VertxPlatformHttpRouter.getRouterNameFromPort(getServerPort()))
        : super.createConsumer(endpoint, processor);
  }
}
