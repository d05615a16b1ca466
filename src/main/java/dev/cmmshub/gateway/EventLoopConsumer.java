package dev.cmmshub.gateway;

import dev.cmmshub.gateway.version.VersionGate;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpConsumer;

/**
 * Runs a route on the event loop and waits for nothing. Camel's own consumer gives each request a
 * worker thread that sleeps until the broker acknowledged, which cost half of the throughput.
 *
 * <p>Only for routes that never block.
 */
final class EventLoopConsumer extends VertxPlatformHttpConsumer {
  private final List<String> headers;
  private final boolean everyValue;
  private final List<String> parameters;

  /**
   * @param headers what is read of a request besides its path and its body
   * @param parameters what is read of its query
   */
  EventLoopConsumer(
      PlatformHttpEndpoint endpoint,
      Processor processor,
      String routerName,
      List<String> headers,
      List<String> parameters) {
    super(endpoint, processor, List.of(), routerName);
    this.headers = headers;
    this.everyValue = headers == Ingress.HEADERS_OF_CLOUD_EVENTS;
    this.parameters = parameters;
  }

  @Override
  protected void handleRequest(RoutingContext request) {
    if (WorkerConsumer.isOfNoVersion(getEndpoint(), request)) {
      request.next();
      return;
    }
    if (isSuspended()) {
      // Draining: the caller finds the next node, or this one after its restart.
      request.response().setStatusCode(503).putHeader("Retry-After", "5").end();
      return;
    }
    Exchange exchange = createExchange(false);
    Context loop = Vertx.currentContext();
    processHttpRequest(exchange, request)
        .compose(ready -> run(exchange))
        .onComplete(done -> loop.runOnContext(ignored -> answer(request, exchange, done)));
  }

  /**
   * Copies only what posts are read for; Camel would turn all there is of a request into headers,
   * for {@link Ingress#keepAllowed} to remove them again.
   */
  @Override
  protected Future<Void> populateCamelMessage(
      RoutingContext request, Exchange exchange, Message message) {
    for (String name : headers) {
      String value = value(request, name);
      if (value != null) {
        message.setHeader(name, value);
      }
    }
    if (request.request().query() != null) {
      for (String name : parameters) {
        request.queryParam(name).stream()
            .findFirst()
            .ifPresent(value -> message.setHeader(name, value));
      }
    }
    ClientCertificate.of(request.request())
        .ifPresent(sha256 -> exchange.setVariable(ClientCertificate.VARIABLE, sha256));
    request.pathParams().forEach(message::setHeader);
    message.setHeader(CalledVersion.VERSION, VersionGate.of(request));
    Buffer body = request.body().buffer();
    message.setBody(body == null ? null : body.getBytes());
    return Future.succeededFuture();
  }

  /** Of an attribute that is there more than once each value is a line. */
  private String value(RoutingContext request, String name) {
    if (!everyValue) {
      return request.request().getHeader(name);
    }
    List<String> values = request.request().headers().getAll(name);
    return values.isEmpty() ? null : String.join("\n", values);
  }

  private Future<Void> run(Exchange exchange) {
    return Future.future(
        promise -> {
          try {
            createUoW(exchange);
          } catch (Exception e) {
            promise.fail(e);
            return;
          }
          getAsyncProcessor().process(exchange, doneSync -> settle(exchange, promise));
        });
  }

  private static void settle(Exchange exchange, Promise<Void> promise) {
    CompletableFuture<Void> settled = Idempotency.settle(exchange);
    if (settled == null) {
      promise.complete();
    } else {
      settled.whenComplete((nothing, error) -> promise.complete());
    }
  }

  private void answer(
      RoutingContext request, Exchange exchange, io.vertx.core.AsyncResult<Void> done) {
    try {
      if (done.failed() || exchange.getException() != null) {
        request.fail(done.failed() ? done.cause() : exchange.getException());
      } else if (!request.response().ended()) {
        write(request.response(), exchange.getMessage());
      }
    } finally {
      doneUoW(exchange);
      releaseExchange(exchange, false);
    }
  }

  static void write(HttpServerResponse response, Message message) {
    response.setStatusCode(message.getHeader(Exchange.HTTP_RESPONSE_CODE, 200, Integer.class));
    for (Map.Entry<String, Object> header : message.getHeaders().entrySet()) {
      if (!header.getKey().startsWith("Camel")) {
        response.putHeader(header.getKey(), header.getValue().toString());
      }
    }
    // Every answer of these routes is bytes already.
    response.end(Buffer.buffer((byte[]) message.getBody()));
  }
}
