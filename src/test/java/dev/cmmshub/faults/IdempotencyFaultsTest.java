package dev.cmmshub.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cmmshub.message.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What becomes of an {@code Idempotency-Key} whose request got no answer, or a bad one. */
@Tag("faults")
class IdempotencyFaultsTest {
  @RegisterExtension static final FaultServers SERVERS = FaultServers.killable();

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private static CompletableFuture<HttpResponse<byte[]>> post(
      FaultBench bench, WorkOrder order, String key) {
    return CLIENT.sendAsync(
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + bench.hub.port() + "/v1/events/" + order.system()))
            .header("X-API-Key", bench.keys.get(order.tenant()))
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", '"' + key + '"')
            .POST(HttpRequest.BodyPublishers.ofByteArray(order.body()))
            .build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  /** Sends the same until the key is free; the last answer. */
  private static HttpResponse<byte[]> insist(FaultBench bench, WorkOrder order, String key)
      throws IOException {
    HttpResponse<byte[]> answer = post(bench, order, key).join();
    while (answer.statusCode() == 409 || answer.statusCode() == 503) {
      FaultServers.pause(200);
      answer = post(bench, order, key).join();
    }
    assertThat(answer.statusCode()).isEqualTo(202);
    bench.ledger.accepted(order.accepted(id(answer)));
    return answer;
  }

  private static String id(HttpResponse<byte[]> answer) {
    return Json.read(answer.body()).get("id").asText();
  }

  @Test
  void theHubIsKilledBetweenClaimAndAnswer() throws Exception {
    FaultBench bench = SERVERS.start("idem-kill", Map.of());
    WorkOrder order =
        new WorkOrder(bench.tenant("north"), "CLAIMED", WorkOrder.FIRST_VERSION, false);
    String key = UUID.randomUUID().toString();
    SERVERS.backends().kafka.signal("STOP");
    CompletableFuture<HttpResponse<byte[]>> lost = post(bench, order, key);
    FaultServers.pause(1000);
    assertThat(post(bench, order, key).join().statusCode()).isEqualTo(409);
    bench.hub.kill();
    long killed = System.nanoTime();
    SERVERS.backends().kafka.signal("CONT");
    bench.hub.start();
    HttpResponse<byte[]> answer = insist(bench, order, key);
    double free = (System.nanoTime() - killed) / 1e9;
    HttpResponse<byte[]> again = post(bench, order, key).join();
    bench.assertClean(
        "idempotency: the hub killed between claim and answer, the key free again after %.1f s"
            .formatted(free));
    assertThat(lost).isCompletedExceptionally();
    assertThat(free).isLessThan(25);
    assertThat(answer.headers().firstValue("Idempotent-Replayed")).isEmpty();
    assertThat(again.headers().firstValue("Idempotent-Replayed")).contains("true");
    assertThat(id(again)).isEqualTo(id(answer));
  }

  @Test
  void aRequestThatWasAnsweredBy503IsTakenUnderTheSameKeyLater() throws Exception {
    FaultBench bench = SERVERS.start("idem-503", Map.of());
    WorkOrder order =
        new WorkOrder(bench.tenant("north"), "REFUSED", WorkOrder.FIRST_VERSION, false);
    String key = UUID.randomUUID().toString();
    SERVERS.backends().kafka.signal("STOP");
    assertThat(post(bench, order, key).join().statusCode()).isEqualTo(503);
    SERVERS.backends().kafka.signal("CONT");
    HttpResponse<byte[]> answer = insist(bench, order, key);
    bench.assertClean("idempotency: 503 while the broker stood still, 202 under the same key");
    assertThat(answer.headers().firstValue("Idempotent-Replayed")).isEmpty();
  }
}
