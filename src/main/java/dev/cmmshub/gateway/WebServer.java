package dev.cmmshub.gateway;

import dev.cmmshub.gateway.contract.AllowedMethods;
import dev.cmmshub.gateway.contract.Contracts;
import dev.cmmshub.gateway.tls.PortTls;
import dev.cmmshub.gateway.version.VersionGate;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.PlatformHttpConstants;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;

/**
 * The server for ERPs. Camel's platform-http routes hang on its router; the server itself is ours,
 * since Camel's sets no idle timeout, and answers errors without a problem document.
 *
 * <p>With TLS if it is given some. Bounds: 10 MB body, 8 kB headers, 30 s without a byte, and those
 * of {@link ConnectionWatch}. No CORS, no form fields as headers.
 */
public final class WebServer implements AutoCloseable {
  private static final int LARGEST_BODY = 10 << 20;
  private static final int LARGEST_HEADERS = 8 << 10;
  private static final int IDLE_SECONDS = 30;
  private static final int EVENT_LOOPS = 2;
  private static final Map<Integer, String> DETAILS =
      Map.of(
          400, "the request is not valid HTTP for this service",
          404, "nothing is here: /docs and /openapi.json describe what is",
          405, "this path does not take this method: /openapi.json describes what it takes",
          413, "the body is larger than 10 MB",
          500, "the hub failed on this request; its log tells more. Sending it again is safe");

  private final Vertx vertx;
  private final String host;
  private final int port;
  private final PortTls tls;
  private final Router router;
  private final ConnectionWatch watch;
  private final List<HttpServer> servers = new ArrayList<>();

  /**
   * @param connections so many may be open at once
   */
  public WebServer(Vertx vertx, String host, int port, int connections, PortTls tls) {
    this.vertx = vertx;
    this.host = host;
    this.port = port;
    this.tls = tls;
    this.router = Router.router(vertx);
    this.watch = new ConnectionWatch(connections);
    router.route().handler(watch::began);
    router.route().handler(WebServer::rejectAbsoluteForm);
    DETAILS.forEach((status, detail) -> router.errorHandler(status, problem(status, detail)));
  }

  /** Looks at each request before all that is told or offered later. */
  public void guard(VersionGate gate) {
    gate.guard(router);
  }

  /** Serves what describes this API; 405 names the methods it has. */
  public void describe(Contracts contracts) {
    Supplier<AllowedMethods> allowed = contracts.allowedMethods();
    Handler<RoutingContext> refuse =
        context ->
            vertx
                .executeBlocking(() -> allowed.get().of(context.normalizedPath()), false)
                .onSuccess(methods -> refuseMethod(context, methods))
                .onFailure(context::fail);
    router.errorHandler(405, refuse);
    // Else /{version}/{entity}/{id} would take it, and the token for an id.
    router.get("/:version/hooks/:token").handler(refuse);
    contracts.publish(router);
  }

  /** A path that is not described, or takes the method and yet nobody took it, is none. */
  private static void refuseMethod(RoutingContext context, String methods) {
    if (methods.isEmpty()
        || List.of(methods.split(", ")).contains(context.request().method().name())) {
      problem(404, DETAILS.get(404)).handle(context);
    } else {
      context.response().putHeader("Allow", methods);
      problem(405, DETAILS.get(405)).handle(context);
    }
  }

  /**
   * Lets the platform-http routes of this context attach themselves; to be called before it starts.
   *
   * @param signatureHeaders what signatures are checked with
   * @param uploads are read as they come
   */
  public void offerTo(CamelContext context, Collection<String> signatureHeaders, Uploads uploads) {
    VertxPlatformHttpServerConfiguration configuration = new VertxPlatformHttpServerConfiguration();
    configuration.setBindPort(port);
    configuration.setPort(port);
    context.getRegistry().bind("web-server-configuration", configuration);
    GatewayEngine engine = new GatewayEngine(signatureHeaders, uploads);
    engine.setCamelContext(context);
    context.getRegistry().bind(PlatformHttpConstants.PLATFORM_HTTP_ENGINE_NAME, engine);
    String name = VertxPlatformHttpRouter.getRouterNameFromPort(port);
    context
        .getRegistry()
        .bind(
            name,
            new VertxPlatformHttpRouter(null, vertx, router, name) {
              @Override
              public Handler<RoutingContext> bodyHandler() {
                return boundedBody();
              }
            });
  }

  private static Handler<RoutingContext> boundedBody() {
    BodyHandler body =
        BodyHandler.create(false).setBodyLimit(LARGEST_BODY).setMergeFormAttributes(false);
    return context -> {
      context.request().resume();
      body.handle(context);
    };
  }

  /** Opens the port; requests are served from here on. */
  public void start() {
    HttpServerOptions options =
        new HttpServerOptions()
            .setIdleTimeout(IDLE_SECONDS)
            .setIdleTimeoutUnit(TimeUnit.SECONDS)
            .setMaxHeaderSize(LARGEST_HEADERS)
            // With it a connection is not known before the whole head of its first request is
            // there.
            .setHttp2ClearTextEnabled(false)
            .setTcpNoDelay(true);
    tls.on(options);
    watch.start(vertx);
    try {
      // Two servers on one port share its connections: two event loops read, check and answer.
      for (int i = 0; i < EVENT_LOOPS; i++) {
        servers.add(listen(options).toCompletionStage().toCompletableFuture().join());
      }
    } catch (java.util.concurrent.CompletionException e) {
      throw new IllegalStateException(
          "port "
              + port
              + " on "
              + host
              + " cannot be opened ("
              + e.getCause().getMessage()
              + "); choose another with --port or hub.http.port",
          e);
    }
  }

  private Future<HttpServer> listen(HttpServerOptions options) {
    Promise<HttpServer> listening = Promise.promise();
    // Outside a verticle every server would get the same event loop.
    vertx.deployVerticle(
        new AbstractVerticle() {
          @Override
          public void start(Promise<Void> started) {
            getVertx()
                .createHttpServer(options)
                .connectionHandler(watch::opened)
                .requestHandler(router)
                .listen(port, host)
                .onComplete(listening)
                .<Void>mapEmpty()
                .onComplete(started);
          }
        });
    return listening.future();
  }

  private static void rejectAbsoluteForm(RoutingContext context) {
    if (context.request().uri().startsWith("/")) {
      context.next();
    } else {
      context.fail(400);
    }
  }

  private static Handler<RoutingContext> problem(int status, String detail) {
    byte[] document = ProblemDocument.render(status, "http-" + status, detail, status >= 500);
    return context -> {
      if (!context.response().ended()) {
        context
            .response()
            .setStatusCode(status)
            .putHeader("Content-Type", ProblemDocument.CONTENT_TYPE)
            .end(io.vertx.core.buffer.Buffer.buffer(document));
      }
    };
  }

  @Override
  public void close() {
    for (HttpServer server : servers) {
      server.close().toCompletionStage().toCompletableFuture().join();
    }
  }
}
