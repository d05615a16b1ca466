package dev.cmmshub.gateway.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cmmshub.TestHub;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that talks only to clients that show a certificate. */
class ClientsRequiredTest {
  @TempDir private Path folder;

  private static int get(TestHub hub, Authority authority, String who)
      throws IOException, InterruptedException {
    return HttpClient.newBuilder()
        .sslContext(authority.context(who))
        .build()
        .send(
            HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + hub.port() + "/openapi.json"))
                .timeout(Duration.ofSeconds(20))
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  @Test
  void withoutOneNothingIsAnswered() throws Exception {
    Authority authority = new Authority(folder, "authority");
    authority.issue("port", "EC", 90);
    authority.issue("erp", "EC", 90);
    try (TestHub hub =
        TestHub.with(
            "",
            Map.of(
                "hub.http.tls.certificate",
                folder.resolve("port.crt").toString(),
                "hub.http.tls.key",
                folder.resolve("port.key").toString(),
                "hub.http.tls.clients",
                "required",
                "hub.http.tls.client-authorities",
                authority.certificate().toString()))) {
      assertThat(get(hub, authority, "erp")).isEqualTo(200);
      assertThatThrownBy(() -> get(hub, authority, null)).isInstanceOf(IOException.class);
    }
  }
}
