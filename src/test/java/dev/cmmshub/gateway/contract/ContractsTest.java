package dev.cmmshub.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cmmshub.TestHub;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The contracts as a running hub publishes them. */
class ContractsTest {
  private static final TestHub HUB = TestHub.shared();

  private static HttpResponse<String> ask(String path) {
    return HUB.send(HttpRequest.newBuilder(HUB.address(path)).GET());
  }

  @Test
  void whatIsPublishedSaysWhatItIsAndNothingElse() {
    for (String path : List.of("/docs", "/openapi.json", "/asyncapi.json")) {
      HttpResponse<String> answer = ask(path);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
      assertThat(answer.body())
          .doesNotContain(HUB.key("river"), "north", "127.0.0.1:" + HUB.port());
    }
    HttpHeaders page = ask("/docs").headers();
    assertThat(page.firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
    assertThat(page.firstValue("Content-Security-Policy").orElseThrow())
        .startsWith("default-src 'none'; style-src 'sha256-")
        .contains("frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(page.firstValue("Referrer-Policy")).hasValue("no-referrer");
    assertThat(page.firstValue("Access-Control-Allow-Origin")).isEmpty();
    assertThat(ask("/docsx").statusCode()).isEqualTo(404);
  }
}
