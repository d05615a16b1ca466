package dev.cmmshub.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import dev.cmmshub.TestHub;
import dev.cmmshub.embedded.LoopbackPorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docker/alertmanager, by Alertmanager itself where it is installed. */
class AlertmanagerTest {
  private static final Path FOLDER = Path.of("docker/alertmanager");
  private static final String USED = "alertmanager.yml";
  private static final String EXAMPLE = "alertmanager.example.yml";

  @Test
  void amtoolAcceptsBothFilesAndKnowsWhoIsTold() throws Exception {
    assumeTrue(Commands.works("amtool --version"), "amtool is not installed: routes not checked");
    for (String file : List.of(USED, EXAMPLE)) {
      Commands.run(FOLDER, "amtool", "check-config", file);
    }
    assertThat(receiver(USED, "critical")).isEqualTo("nobody");
    assertThat(receiver(EXAMPLE, "critical")).isEqualTo("night");
    assertThat(receiver(EXAMPLE, "warning")).isEqualTo("day");
  }

  /** The last line; a remark of its own stands before it. */
  private static String receiver(String file, String severity) throws Exception {
    List<String> said =
        Commands.run(
                FOLDER,
                "amtool",
                "config",
                "routes",
                "test",
                "--config.file=" + file,
                "alertname=HubDown",
                "severity=" + severity)
            .lines()
            .toList();
    return said.get(said.size() - 1);
  }

  /** Whoever opens the file sees that alerts go nowhere; secrets are in files only. */
  @Test
  void nobodyIsToldUntilSomebodyIsNamed() throws IOException {
    assertThat(Files.readString(FOLDER.resolve(USED))).startsWith("# ").contains("NOBODY");
    JsonNode used = Compose.yaml(FOLDER.resolve(USED));
    assertThat(used.at("/receivers")).hasToString("[{\"name\":\"nobody\"}]");
    JsonNode example = Compose.yaml(FOLDER.resolve(EXAMPLE));
    assertThat(example.get("inhibit_rules")).isEqualTo(used.get("inhibit_rules"));
    assertThat(example.findValuesAsText("credentials_file"))
        .containsExactly("/run/secrets/alert-receiver");
    assertThat(example.toString())
        .doesNotContain("\"credentials\"", "\"password\"", "\"smtp_auth_password\"");
    List<String> alerts =
        Compose.yaml(Path.of("docker/prometheus/rules.yml")).findValuesAsText("alert");
    for (JsonNode rule : used.get("inhibit_rules")) {
      for (String side : List.of("source_matchers", "target_matchers")) {
        assertThat(alerts)
            .contains(rule.at("/" + side + "/0").asText().replace("alertname = ", ""));
      }
    }
  }

  /** What its receiver is shown is what the file holds. */
  @Test
  void aCriticalAlertArrivesWithTheSecretOfItsFile(@TempDir Path folder) throws Exception {
    assumeTrue(
        Commands.works("prometheus-alertmanager --version"),
        "alertmanager is not installed: no alert sent");
    List<String> told = new CopyOnWriteArrayList<>();
    HttpServer receiver =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/",
        exchange -> {
          String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
          told.add(exchange.getRequestHeaders().getFirst("Authorization") + ' ' + body);
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    receiver.start();
    Files.writeString(folder.resolve("secret"), "pager-5b1e");
    Path file = folder.resolve("alertmanager.yml");
    Files.writeString(
        file,
        Files.readString(FOLDER.resolve(EXAMPLE))
            .replace(
                "https://pager.example.com", "http://127.0.0.1:" + receiver.getAddress().getPort())
            .replace("/run/secrets/alert-receiver", folder.resolve("secret").toString())
            .replace("group_wait: 10s", "group_wait: 0s"));
    int port = LoopbackPorts.free();
    Process process =
        new ProcessBuilder(
                "prometheus-alertmanager",
                "--config.file=" + file,
                "--storage.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port,
                "--cluster.listen-address=")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    try {
      String alert =
          "[{\"labels\": {\"alertname\": \"HubDown\", \"severity\": \"critical\"}, \"annotations\": {}}]";
      assertThat(TestHub.eventually(() -> isTaken(port, alert)))
          .as(() -> "the alert is taken")
          .isTrue();
      assertThat(TestHub.eventually(() -> !told.isEmpty())).isTrue();
      assertThat(told.get(0)).startsWith("Bearer pager-5b1e {").contains("HubDown");
    } finally {
      process.destroy();
      receiver.stop(0);
    }
  }

  private static boolean isTaken(int port, String alert) {
    try {
      return HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v2/alerts"))
                      .header("Content-Type", "application/json")
                      .POST(HttpRequest.BodyPublishers.ofString(alert))
                      .build(),
                  HttpResponse.BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
