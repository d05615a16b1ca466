package dev.cmmshub.gateway;

import dev.cmmshub.gateway.version.VersionGate;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpConsumer;

/**
 * Runs a route on a thread of its own while the body comes. Camel's own streaming waits for the
 * whole body and keeps it in a file first.
 */
final class UploadConsumer extends VertxPlatformHttpConsumer {
  /** A refused sender gets so long to see the answer before its connection ends. */
  private static final long FAREWELL_MS = 5_000;

  private static final String BUSY =
      "too many uploads are under way on this node: send the same again a little later";
  private static final int RETRY_AFTER_SECONDS = 5;

  private final Uploads uploads;

  UploadConsumer(
      PlatformHttpEndpoint endpoint, Processor processor, String routerName, Uploads uploads) {
    super(endpoint, processor, List.of(), routerName);
    this.uploads = uploads;
  }

  @Override
  protected void handleRequest(RoutingContext request) {
    if (WorkerConsumer.isOfNoVersion(getEndpoint(), request)) {
      request.next();
      return;
    }
    if (isSuspended()) {
      request.response().setStatusCode(503).putHeader("Retry-After", "5").end();
      return;
    }
    Context loop = Vertx.currentContext();
    BodyStream body = new BodyStream(request.request(), loop);
    Exchange exchange = createExchange(false);
    Message message = exchange.getMessage();
    fill(request, exchange, message);
    message.setBody(body);
    boolean begun =
        uploads.begin(
            () -> {
              try {
                createUoW(exchange);
                getProcessor().process(exchange);
              } catch (Exception e) {
                exchange.setException(e);
              }
              loop.runOnContext(nothing -> answer(request, exchange, body));
            });
    if (!begun) {
      refuse(request.response());
      end(request, body);
    }
  }

  private static void fill(RoutingContext request, Exchange exchange, Message message) {
    for (String name : Ingress.HEADERS_OF_UPLOADS) {
      String value = request.request().getHeader(name);
      if (value != null) {
        message.setHeader(name, value);
      }
    }
    for (String name : Ingress.PARAMETERS_OF_UPLOADS) {
      request.queryParam(name).stream()
          .findFirst()
          .ifPresent(value -> message.setHeader(name, value));
    }
    ClientCertificate.of(request.request())
        .ifPresent(sha256 -> exchange.setVariable(ClientCertificate.VARIABLE, sha256));
    request.pathParams().forEach(message::setHeader);
    message.setHeader(CalledVersion.VERSION, VersionGate.of(request));
  }

  private static void refuse(HttpServerResponse response) {
    response
        .setStatusCode(503)
        .putHeader("Retry-After", Integer.toString(RETRY_AFTER_SECONDS))
        .putHeader("Content-Type", ProblemDocument.CONTENT_TYPE)
        .end(Buffer.buffer(ProblemDocument.render(503, "busy", BUSY, true)));
  }

  private void answer(RoutingContext request, Exchange exchange, BodyStream body) {
    try {
      if (exchange.getException() != null) {
        request.fail(exchange.getException());
      } else if (!request.response().ended() && !request.response().closed()) {
        EventLoopConsumer.write(request.response(), exchange.getMessage());
      }
    } finally {
      end(request, body);
      doneUoW(exchange);
      releaseExchange(exchange, false);
    }
  }

  /** Reads on for a while: a connection that ends with unread bytes may lose the answer. */
  private static void end(RoutingContext request, BodyStream body) {
    body.close();
    if (!body.isEnded()) {
      request.request().resume();
      request
          .vertx()
          .setTimer(
              FAREWELL_MS,
              timer -> {
                if (!body.isEnded() && !request.response().reset()) {
                  request.request().connection().close();
                }
              });
    }
  }
}
