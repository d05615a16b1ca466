package dev.cmmshub.notifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cmmshub.Loopback;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WebhookSenderTest {
  private static final int DELIVERIES = 10_000;
  private static final int THREADS = 8;

  /**
   * The answer can be there, whole, before the thread that sent the request has gone on: it counts
   * all the same. More threads than cores make that likely.
   */
  @Test
  void anAnswerThatComesAtOnceCounts() {
    Vertx vertx = Vertx.vertx();
    HttpServer server =
        vertx
            .createHttpServer()
            .requestHandler(request -> request.response().setStatusCode(204).end())
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
    AtomicInteger refused = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try (WebhookSender sender = new WebhookSender(vertx, Loopback.hooks(), Clock.systemUTC())) {
      Delivery delivery = Deliveries.to("http://127.0.0.1:" + server.actualPort());
      Semaphore outstanding = new Semaphore(32);
      List<CompletableFuture<Void>> all = new ArrayList<>(DELIVERIES);
      for (int i = 0; i < DELIVERIES; i++) {
        all.add(
            CompletableFuture.supplyAsync(
                    () -> {
                      outstanding.acquireUninterruptibly();
                      return sender.send(delivery);
                    },
                    threads)
                .thenCompose(sent -> sent)
                .handle(
                    (done, error) -> {
                      outstanding.release();
                      return error == null ? 0 : refused.incrementAndGet();
                    })
                .thenAccept(none -> {}));
      }
      CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
    } finally {
      threads.shutdownNow();
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
    assertThat(refused).hasValue(0);
  }
}
