package dev.cmmshub.gateway.contract;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.message.Json;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Supplier;

/**
 * Publishes the contracts to whoever reaches the port: {@code /openapi.json}, {@code
 * /asyncapi.json} and {@code /docs}. They tell nothing of tenants.
 *
 * <p>Each is made when somebody asks for it the first time, on a worker's thread: that takes a
 * while, and no start should.
 */
public final class Contracts {
  private final Supplier<JsonNode> openApi;
  private final Supplier<JsonNode> asyncApi;
  private final ReferencePage page;

  public Contracts(Supplier<JsonNode> openApi, Supplier<JsonNode> asyncApi, ReferencePage page) {
    this.openApi = openApi;
    this.asyncApi = asyncApi;
    this.page = page;
  }

  /** Serves them on this router. */
  public void publish(Router router) {
    router.get("/openapi.json").handler(document(openApi));
    router.get("/asyncapi.json").handler(document(asyncApi));
    router.get("/docs").handler(this::show);
  }

  /** The methods of the gateway's paths; may block the first time. */
  public Supplier<AllowedMethods> allowedMethods() {
    return Once.of(() -> new AllowedMethods(openApi.get(), false));
  }

  private static Handler<RoutingContext> document(Supplier<JsonNode> document) {
    Once<Buffer> bytes = Once.of(() -> Buffer.buffer(Json.write(document.get())));
    return context -> answer(context, "application/json", bytes);
  }

  private void show(RoutingContext context) {
    context
        .response()
        .putHeader("Content-Security-Policy", page.policy())
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader("Cache-Control", "no-cache");
    answer(context, "text/html; charset=utf-8", () -> Buffer.buffer(page.html()));
  }

  private static void answer(RoutingContext context, String type, Supplier<Buffer> body) {
    HttpServerResponse response = context.response();
    response.putHeader("Content-Type", type).putHeader("X-Content-Type-Options", "nosniff");
    context.vertx().executeBlocking(body::get).onComplete(response::end, context::fail);
  }
}
