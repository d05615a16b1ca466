package dev.cmmshub.observe;

import dev.cmmshub.message.Json;
import dev.cmmshub.recovery.DeadLetters;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.concurrent.Callable;

/** The administration port: health, metrics, dead letters. Loopback unless configured otherwise. */
public final class AdminServer implements AutoCloseable {
  private static final int MOST = 1000;
  private static final String JSON = "application/json";

  private final HttpServer server;

  private AdminServer(HttpServer server) {
    this.server = server;
  }

  /**
   * Opens the port.
   *
   * @throws IllegalStateException when it cannot be opened, saying which flag changes it
   */
  public static AdminServer start(
      Vertx vertx,
      String host,
      int port,
      Health health,
      PrometheusMeterRegistry metrics,
      DeadLetters deadLetters) {
    Router router = Router.router(vertx);
    router.get("/q/health/live").handler(context -> health(context, health::live));
    router.get("/q/health/ready").handler(context -> health(context, health::ready));
    router.get("/q/health").handler(context -> health(context, health::ready));
    router
        .get("/q/metrics")
        .handler(
            context ->
                blocking(
                    context,
                    "text/plain; version=0.0.4; charset=utf-8",
                    () -> Buffer.buffer(metrics.scrape())));
    router
        .get("/admin/v1/dead-letters")
        .handler(
            context ->
                blocking(
                    context,
                    JSON,
                    () ->
                        Buffer.buffer(
                            Json.write(
                                deadLetters.newest(
                                    Optional.ofNullable(context.request().getParam("tenant")),
                                    limit(context))))));
    HttpServer server =
        vertx.createHttpServer(new HttpServerOptions().setIdleTimeout(30)).requestHandler(router);
    try {
      server.listen(port, host).toCompletionStage().toCompletableFuture().join();
    } catch (java.util.concurrent.CompletionException e) {
      throw new IllegalStateException(
          "administration port "
              + port
              + " on "
              + host
              + " cannot be opened ("
              + e.getCause().getMessage()
              + "); choose another with --admin-port or hub.admin.port",
          e);
    }
    return new AdminServer(server);
  }

  private static int limit(RoutingContext context) {
    String limit = context.request().getParam("limit");
    return limit != null && limit.matches("[0-9]{1,3}") ? Integer.parseInt(limit) : MOST;
  }

  private static void health(RoutingContext context, Callable<Health.Answer> check) {
    context
        .vertx()
        .executeBlocking(check, false)
        .onSuccess(
            answer ->
                context
                    .response()
                    .setStatusCode(answer.up() ? 200 : 503)
                    .putHeader("Content-Type", JSON)
                    .end(Buffer.buffer(answer.json())))
        .onFailure(context::fail);
  }

  private static void blocking(RoutingContext context, String type, Callable<Buffer> work) {
    context
        .vertx()
        .executeBlocking(work, false)
        .onSuccess(body -> context.response().putHeader("Content-Type", type).end(body))
        .onFailure(context::fail);
  }

  @Override
  public void close() {
    server.close().toCompletionStage().toCompletableFuture().join();
  }
}
