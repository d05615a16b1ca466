package dev.cmmshub.docker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cmmshub.TestHub;
import dev.cmmshub.embedded.LoopbackPorts;
import dev.cmmshub.message.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The proxy of docker/proxy, by a real HAProxy before a real hub, or before odd ones. */
class ProxyTest {
  private static final Path SAMPLE =
      Path.of("connectors/odoo/samples/workorder.from-erp.in-progress.json");

  @TempDir private Path folder;

  @BeforeAll
  static void isThere() throws Exception {
    assumeTrue(Proxy.isInstalled(), "haproxy is not installed: docker/proxy not tried");
  }

  private static Proxy.Node realHub() {
    TestHub hub = TestHub.shared();
    return new Proxy.Node(hub.port(), hub.adminAddress("/").getPort());
  }

  private static int code(HttpResponse<String> answer) {
    return answer.statusCode();
  }

  @Test
  void aNodeThatIsGoneIsNoticedByNobody() throws Exception {
    Proxy.Node gone = new Proxy.Node(LoopbackPorts.free(), LoopbackPorts.free());
    try (Proxy proxy = new Proxy(folder, List.of(realHub(), gone))) {
      List<Integer> answers = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        answers.add(
            code(
                proxy.send(
                    proxy
                        .request("/v1/events/odoo")
                        .header("X-API-Key", TestHub.shared().key("river"))
                        .header("Content-Type", "application/json")
                        // Nobody believes it: who asks is told by the key alone.
                        .header("X-Forwarded-For", "127.0.0.1")
                        .POST(BodyPublishers.ofFile(SAMPLE)))));
        answers.add(code(proxy.send(proxy.request("/versions"))));
      }
      assertThat(answers).containsOnly(202, 200);
    }
  }

  @Test
  void whatTheHubRefusesIsRefusedWithItsOwnWords() throws Exception {
    try (Proxy proxy = new Proxy(folder, List.of(realHub(), realHub()))) {
      for (int megabytes : List.of(3, 11)) {
        HttpResponse<String> large =
            proxy.send(
                proxy
                    .request("/v1/events/odoo")
                    .header("X-API-Key", TestHub.shared().key("river"))
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofByteArray(new byte[megabytes << 20])));
        assertThat(code(large)).isEqualTo(413);
        assertThat(Json.read(large.body().getBytes(ISO_8859_1)).get("code").asText())
            .isEqualTo(megabytes == 3 ? "too-large" : "http-413");
      }
      String host = "Host: 127.0.0.1\r\nConnection: close\r\n";
      assertThat(raw(proxy, "GET /versions HTTP/1.1\r\n" + host + "X-A: " + "a".repeat(9_000)))
          .startsWith("HTTP/1.1 431 ");
      assertThat(raw(proxy, "GET http://127.0.0.1/versions HTTP/1.1\r\n" + host))
          .startsWith("HTTP/1.1 400 ");
    }
  }

  private static String raw(Proxy proxy, String head) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write((head.stripTrailing() + "\r\n\r\n").getBytes(ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    }
  }

  @Test
  void theTokenOfAHookIsNotLogged() throws Exception {
    try (Proxy proxy = new Proxy(folder, List.of(realHub(), realHub()))) {
      String token = "f".repeat(64);
      proxy.send(proxy.request("/v2/hooks/" + token + "?x=" + token).POST(BodyPublishers.noBody()));
      until(() -> proxy.log().contains("/v2/hooks/***"));
      assertThat(proxy.log())
          .containsPattern("127.0.0.1 POST /v2/hooks/[*]{3} 4")
          .doesNotContain(token);
    }
  }

  /** Nobody knows whether the node that hung up did it. Reads change nothing. */
  @Test
  void whatWasPostedIsNotSentAgainAndWhatWasAskedIs() throws Exception {
    try (OddNode one = new OddNode();
        OddNode two = new OddNode();
        Proxy proxy = new Proxy(folder, List.of(one.address(), two.address()))) {
      one.hangUp();
      two.hangUp();
      HttpResponse<String> posted =
          proxy.send(proxy.request("/v1/events/odoo").POST(BodyPublishers.ofString("{}")));
      assertThat(code(posted)).isEqualTo(502);
      assertThat(posted.headers().firstValue("Content-Type")).contains("application/problem+json");
      assertThat(Json.read(posted.body().getBytes(ISO_8859_1)).get("retryable").asBoolean())
          .isTrue();
      proxy.send(proxy.request("/versions"));
      List<String> taken = new ArrayList<>(one.taken());
      taken.addAll(two.taken());
      assertThat(taken).containsOnlyOnce("POST");
      assertThat(one.taken()).contains("GET");
      assertThat(two.taken()).contains("GET");
    }
  }

  /** Without Kafka no node is ready, and reads still work. */
  @Test
  void withoutANodeThatIsReadyWhoeverIsAliveAnswers() throws Exception {
    try (OddNode one = new OddNode();
        OddNode two = new OddNode();
        Proxy proxy = new Proxy(folder, List.of(one.address(), two.address()))) {
      one.says(false, true);
      two.says(false, false);
      until(() -> proxy.log().contains("Server ready/hub-1 is DOWN"));
      until(() -> proxy.log().contains("Server alive/hub-2 is DOWN"));
      assertThat(code(proxy.send(proxy.request("/versions")))).isEqualTo(200);
      assertThat(two.taken()).isEmpty();
      one.says(false, false);
      until(() -> proxy.log().contains("Server alive/hub-1 is DOWN"));
      HttpResponse<String> refused = proxy.send(proxy.request("/versions"));
      assertThat(code(refused)).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).contains("5");
      assertThat(refused.body()).contains("\"code\":\"http-503\"");
      two.says(true, true);
      until(() -> code(proxy.send(proxy.request("/versions"))) == 200);
    }
  }

  private static void until(Callable<Boolean> condition) {
    assertThat(
            TestHub.eventually(
                () -> {
                  try {
                    return condition.call();
                  } catch (Exception e) {
                    throw new IllegalStateException(e);
                  }
                }))
        .isTrue();
  }

  @Test
  void theFileNamesTheNodesOfComposeYaml() throws IOException {
    String text = Files.readString(Proxy.FILE);
    Compose.names(new Compose().services).stream()
        .filter(name -> name.startsWith("hub-"))
        .forEach(
            node ->
                assertThat(text.split("server " + node + " " + node + ":8080 check port 8081", -1))
                    .as(node)
                    .hasSize(3));
  }
}
