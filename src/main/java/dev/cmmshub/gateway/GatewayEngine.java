package dev.cmmshub.gateway;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpEngine;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;

/**
 * Serves the routes that never block on the event loop, uploads on threads of theirs, all others on
 * worker threads.
 */
final class GatewayEngine extends VertxPlatformHttpEngine {
  private static final String HOOKS = "POST /{version}/hooks/{token}";
  private static final String CLOUD_EVENTS = "POST /v2/events/{system}";

  /** They compute, and hand over to Kafka's client, which answers later. */
  private static final Set<String> NEVER_BLOCKING =
      Set.of("POST /v1/events/{system}", CLOUD_EVENTS, "POST /{version}/soap/{system}", HOOKS);

  private static final String UPLOADS = "POST /{version}/bulk/{system}";

  private final List<String> headersOfHooks;
  private final Uploads uploads;

  /**
   * @param signatureHeaders what a signature is checked with
   * @param uploads are read as they come
   */
  GatewayEngine(Collection<String> signatureHeaders, Uploads uploads) {
    this.uploads = uploads;
    headersOfHooks = new ArrayList<>(signatureHeaders);
    // Nothing else of the request counts: it is not signed. A key of idempotency would let who
    // repeats a request make another event of it.
    headersOfHooks.add("content-type");
  }

  @Override
  public PlatformHttpConsumer createConsumer(PlatformHttpEndpoint endpoint, Processor processor) {
    String route = endpoint.getHttpMethodRestrict() + " " + endpoint.getPath();
    String router = VertxPlatformHttpRouter.getRouterNameFromPort(getServerPort());
    if (route.equals(UPLOADS)) {
      return new UploadConsumer(endpoint, processor, router, uploads);
    }
    if (!NEVER_BLOCKING.contains(route)) {
      return new WorkerConsumer(endpoint, processor, router);
    }
    List<String> parameters = route.equals(HOOKS) ? List.of("validationToken") : List.of();
    return new EventLoopConsumer(endpoint, processor, router, headers(route), parameters);
  }

  private List<String> headers(String route) {
    return switch (route) {
      case HOOKS -> headersOfHooks;
      case CLOUD_EVENTS -> Ingress.HEADERS_OF_CLOUD_EVENTS;
      default -> Ingress.HEADERS_OF_POSTS;
    };
  }
}
