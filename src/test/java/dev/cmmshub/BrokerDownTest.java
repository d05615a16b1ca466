package dev.cmmshub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Promise 1 from its dark side: no acknowledgement of the broker, no 202. */
class BrokerDownTest {
  @Test
  void aRequestIsAnsweredWith503Within6SecondsAndCanBeRepeated() throws IOException {
    try (TestHub hub = TestHub.own()) {
      byte[] body =
          Files.readAllBytes(
              Path.of("connectors/odoo/samples/workorder.from-erp.in-progress.json"));
      assertThat(hub.post("/v1/events/odoo", "river", "application/json", body).statusCode())
          .isEqualTo(202);
      hub.stopServers();
      long begin = System.nanoTime();
      HttpResponse<String> answer = hub.post("/v1/events/odoo", "river", "application/json", body);
      Duration took = Duration.ofNanos(System.nanoTime() - begin);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
      assertThat(answer.headers().firstValue("Retry-After")).isPresent();
      assertThat(answer.body()).contains("broker-unavailable").contains("\"retryable\":true");
      assertThat(took).isLessThan(Duration.ofSeconds(6));
      assertThat(hub.admin("/q/health/ready")).contains("DOWN");
    }
  }
}
