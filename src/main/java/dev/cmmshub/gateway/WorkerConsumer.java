package dev.cmmshub.gateway;

import dev.cmmshub.gateway.version.VersionGate;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpConsumer;

/**
 * Runs a route that may block on a worker thread, as Camel does, for paths of a version, and tells
 * it of the client's certificate.
 */
final class WorkerConsumer extends VertxPlatformHttpConsumer {
  WorkerConsumer(PlatformHttpEndpoint endpoint, Processor processor, String routerName) {
    super(endpoint, processor, List.of(), routerName);
  }

  @Override
  protected void handleRequest(RoutingContext request) {
    if (isOfNoVersion(getEndpoint(), request)) {
      request.next();
    } else {
      super.handleRequest(request);
    }
  }

  /** Whether a path such as {@code /{version}/{entity}} fits a request that is for no version. */
  static boolean isOfNoVersion(PlatformHttpEndpoint endpoint, RoutingContext request) {
    return VersionGate.of(request) == null && endpoint.getPath().startsWith("/{version}/");
  }

  /** Whatever a caller calls {@code version}, it is what the path begins with. */
  @Override
  protected Future<Void> populateCamelMessage(
      RoutingContext request, Exchange exchange, Message message) {
    ClientCertificate.of(request.request())
        .ifPresent(sha256 -> exchange.setVariable(ClientCertificate.VARIABLE, sha256));
    return super.populateCamelMessage(request, exchange, message)
        .onSuccess(ready -> message.setHeader(CalledVersion.VERSION, VersionGate.of(request)));
  }
}
