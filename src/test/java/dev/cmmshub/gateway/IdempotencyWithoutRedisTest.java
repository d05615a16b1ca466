package dev.cmmshub.gateway;

import static dev.cmmshub.TestHub.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cmmshub.TestHub;
import dev.cmmshub.message.Json;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Redis is never the only place of anything: the event's id is what counts. */
class IdempotencyWithoutRedisTest {
  private static HttpResponse<String> post(TestHub hub, String key, byte[] body) {
    return hub.send(
        hub.request("/v1/events/odoo", "river")
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", key)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
  }

  private static String id(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return Json.read(answer.body().getBytes(StandardCharsets.UTF_8)).get("id").asText();
  }

  @Test
  void repeatsAreAcceptedAndCountOnceWhileItHangsAndWhenItIsGone() throws IOException {
    byte[] body =
        Files.readAllBytes(Path.of("connectors/odoo/samples/workorder.from-erp.in-progress.json"));
    try (TestHub hub = TestHub.own()) {
      String id = id(post(hub, "before", body));
      assertThat(id(post(hub, "before", body))).isEqualTo(id);
      hub.hangRedis(true);
      long begin = System.nanoTime();
      String hung = id(post(hub, "hung", body));
      Duration took = Duration.ofNanos(System.nanoTime() - begin);
      assertThat(id(post(hub, "hung", body))).isEqualTo(hung);
      assertThat(id(post(hub, "before", body))).as("no memory, the same id").isEqualTo(id);
      hub.hangRedis(false);
      hub.killRedis();
      String gone = id(post(hub, "gone", body));
      HttpResponse<String> again = post(hub, "gone", body);
      assertThat(id(again)).isEqualTo(gone);
      assertThat(again.headers().firstValue("Idempotent-Replayed")).isEmpty();
      for (String event : new String[] {id, hung, gone}) {
        assertThat(
                eventually(
                    () -> hub.get("/v1/events/" + event, "river").body().contains("\"applied\"")))
            .isTrue();
        // Twice in the topic, once in the shard.
        assertThat(hub.get("/v1/events/" + event, "river").body().split("\"applied\"").length)
            .isLessThanOrEqualTo(3);
      }
      System.err.printf("a post with a key while Redis hangs took %d ms%n", took.toMillis());
      assertThat(took).isLessThan(Duration.ofSeconds(1));
    }
  }
}
