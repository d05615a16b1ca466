package dev.cmmshub.observe;

import dev.cmmshub.gateway.contract.AllowedMethods;
import dev.cmmshub.gateway.contract.Once;
import dev.cmmshub.gateway.contract.OpenApi;
import dev.cmmshub.gateway.tls.PortTls;
import dev.cmmshub.message.Payloads;
import dev.cmmshub.observe.access.Admins;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** The administration port: health, metrics and more. Loopback unless configured otherwise. */
public final class AdminServer implements AutoCloseable {
  private static final int LARGEST_BODY = 10 << 20;
  private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";
  private static final String OPEN_METRICS = "application/openmetrics-text";
  private static final String OPEN_METRICS_1 = OPEN_METRICS + "; version=1.0.0; charset=utf-8";
  private static final String JSON = "application/json";

  private final HttpServer server;

  private AdminServer(HttpServer server) {
    this.server = server;
  }

  /**
   * Opens the port.
   *
   * @param admins who may use what is under {@code /admin}; health and metrics are open
   * @param more what else is offered there
   * @throws IllegalStateException when it cannot be opened, saying which flag changes it
   */
  public static AdminServer start(
      Vertx vertx,
      String host,
      int port,
      PortTls tls,
      Health health,
      PrometheusMeterRegistry metrics,
      Supplier<Admins> admins,
      List<AdminRoutes> more) {
    Router router = Router.router(vertx);
    router.get("/q/health/live").handler(context -> health(context, health::live));
    router.get("/q/health/ready").handler(context -> health(context, health::ready));
    router.get("/q/health").handler(context -> health(context, health::ready));
    router
        .get("/q/metrics")
        .handler(
            context -> {
              String type = metricsType(context);
              blocking(context, type, () -> Buffer.buffer(metrics.scrape(type)));
            });
    router.route("/admin/*").handler(new OwnHost(host));
    router.route("/admin/*").handler(new AdminGuard(admins, metrics));
    router.route("/admin/*").handler(AdminServer::refuseForms);
    router
        .route("/admin/*")
        .handler(
            BodyHandler.create(false).setBodyLimit(LARGEST_BODY).setMergeFormAttributes(false));
    more.forEach(part -> part.addTo(router));
    router.errorHandler(404, problem(404, "nothing is here"));
    Once<AllowedMethods> allowed = Once.of(() -> new AllowedMethods(OpenApi.read(), true));
    router.errorHandler(405, AdminAnswer.by(context -> wrongMethod(context, allowed.get())));
    router.errorHandler(413, problem(413, "the body is larger than 10 MB"));
    HttpServer server =
        vertx
            .createHttpServer(tls.on(new HttpServerOptions().setIdleTimeout(30)))
            .requestHandler(router);
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

  /** They would be taken apart, and their bytes lost; some cannot even be. */
  private static void refuseForms(RoutingContext context) {
    String type = Payloads.mediaType(context.request().getHeader("Content-Type"));
    if (type.startsWith("multipart/") || type.equals("application/x-www-form-urlencoded")) {
      problem(400, "expected the document itself as body, no form").handle(context);
    } else {
      context.next();
    }
  }

  private static AdminAnswer wrongMethod(RoutingContext context, AllowedMethods allowed) {
    context.response().putHeader("Allow", allowed.of(context.normalizedPath()));
    return AdminAnswer.problem(
        405, "http-405", "this path does not take this method: see /openapi.json");
  }

  private static Handler<RoutingContext> problem(int status, String detail) {
    return AdminAnswer.by(
        context -> AdminAnswer.problem(status, "http-" + status, detail + ": see /openapi.json"));
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

  /** OpenMetrics, which has exemplars, for who asks for it, as Prometheus does. */
  private static String metricsType(RoutingContext context) {
    String accepted = context.request().getHeader("Accept");
    return accepted != null && accepted.contains(OPEN_METRICS) ? OPEN_METRICS_1 : PROMETHEUS_TEXT;
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
