package dev.cmmshub.bench;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Observers of three kinds: at once, after a second, never. */
final class Receiver implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final HttpServer server;
  private final AtomicInteger slow = new AtomicInteger();

  Receiver() {
    server = vertx.createHttpServer().requestHandler(this::handle);
    server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().join();
  }

  private void handle(HttpServerRequest request) {
    String path = request.path();
    request
        .body()
        .onSuccess(
            body -> {
              if (path.startsWith("/slow")) {
                vertx.setTimer(
                    1000,
                    timer -> {
                      slow.incrementAndGet();
                      request.response().setStatusCode(204).end();
                    });
              } else if (path.equals("/fast")) {
                request.response().setStatusCode(204).end();
              }
            });
  }

  private String address(String path) {
    return "http://127.0.0.1:" + server.actualPort() + path;
  }

  String fast() {
    return address("/fast");
  }

  String slow(int number) {
    return address("/slow/" + number);
  }

  String dead() {
    return address("/dead");
  }

  void reset() {
    slow.set(0);
  }

  void awaitSlow(int count) {
    while (slow.get() < count) {
      LockSupport.parkNanos(1_000_000L);
    }
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
