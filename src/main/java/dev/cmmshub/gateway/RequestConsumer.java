package dev.cmmshub.gateway;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpConsumer;

/** Camel's own consumer, which also tells the route of the client's certificate. */
final class RequestConsumer extends VertxPlatformHttpConsumer {
  RequestConsumer(PlatformHttpEndpoint endpoint, Processor processor, String routerName) {
    super(endpoint, processor, List.of(), routerName);
  }

  @Override
  protected Future<Void> populateCamelMessage(
      RoutingContext request, Exchange exchange, Message message) {
    ClientCertificate.of(request.request())
        .ifPresent(sha256 -> exchange.setVariable(ClientCertificate.VARIABLE, sha256));
    return super.populateCamelMessage(request, exchange, message);
  }
}
