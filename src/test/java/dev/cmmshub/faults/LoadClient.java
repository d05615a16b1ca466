package dev.cmmshub.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.message.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Posts work orders as an ERP does: what was not answered by 202 is sent again. */
final class LoadClient {
  private static final int ACCEPTED = 202;
  private static final int SERVER_ERROR = 500;
  private static final Duration AGAIN = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private final AtomicLong resent = new AtomicLong();
  private final JsonNode sample = WorkOrder.sample();
  private final int port;
  private final Map<String, String> keys;
  private final Ledger ledger;

  /**
   * @param keys the API key of each tenant
   */
  LoadClient(int port, Map<String, String> keys, Ledger ledger) throws IOException {
    this.port = port;
    this.keys = keys;
    this.ledger = ledger;
  }

  /** How many attempts were not answered by 202. */
  long resent() {
    return resent.get();
  }

  /**
   * Sends until it is accepted.
   *
   * @throws IllegalStateException when refused, or not accepted within a minute
   */
  void send(WorkOrder order) {
    byte[] body = order.body(sample);
    long begin = System.nanoTime();
    while (!post(order, body)) {
      resent.incrementAndGet();
      if (System.nanoTime() - begin > PATIENCE.toNanos()) {
        throw new IllegalStateException(order + " was not accepted within " + PATIENCE);
      }
      LockSupport.parkNanos(AGAIN.toNanos());
    }
  }

  private boolean post(WorkOrder order, byte[] body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/events/sap"))
            .header("X-API-Key", keys.get(order.tenant()))
            .header("Content-Type", "application/json")
            .timeout(Duration.ofSeconds(10))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    try {
      // The client's own deadline does not cover a server that stops within its answer.
      HttpResponse<byte[]> answer =
          client
              .sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
              .get(15, TimeUnit.SECONDS);
      if (answer.statusCode() == ACCEPTED) {
        ledger.accepted(order.accepted(Json.read(answer.body()).get("id").asText()));
        return true;
      }
      if (answer.statusCode() < SERVER_ERROR) {
        throw new IllegalStateException(
            answer.statusCode() + ": " + new String(answer.body(), StandardCharsets.UTF_8));
      }
      return false;
    } catch (ExecutionException | TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
