package dev.cmmshub.dashboards;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.embedded.LoopbackPorts;
import dev.cmmshub.message.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * The {@code prometheus} of this machine with the files of {@code docker/prometheus}, which looks
 * at other targets and does so every second.
 */
public final class PrometheusServer implements AutoCloseable {
  private static final Path FILES = Path.of("docker/prometheus");
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final int port = LoopbackPorts.free();
  private final HttpClient client = HttpClient.newHttpClient();
  private final Path log;
  private final Process process;

  /**
   * Returns when it answers.
   *
   * @param folder gets its files
   * @param adminPorts of the hubs it looks at; one that is there twice is looked at under two
   *     names, as if two nodes said the same
   * @param change of the rules' text
   */
  public PrometheusServer(Path folder, List<Integer> adminPorts, UnaryOperator<String> change)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve("rules.yml"), change.apply(Files.readString(FILES.resolve("rules.yml"))));
    List<String> targets = new ArrayList<>();
    for (int at : adminPorts) {
      String target = "\"127.0.0.1:" + at + '"';
      targets.add(targets.contains(target) ? "\"localhost:" + at + '"' : target);
    }
    Files.writeString(
        folder.resolve("prometheus.yml"),
        Files.readString(FILES.resolve("prometheus.yml"))
            .replaceAll("scrape_interval: \\w+", "scrape_interval: 1s")
            .replaceAll("evaluation_interval: \\w+", "evaluation_interval: 1s")
            // Alerts are asked of it, not sent.
            .replaceAll("(?s)alerting:.*(?=scrape_configs:)", "")
            .replaceAll("targets: \\[.*]", "targets: " + targets));
    log = folder.resolve("prometheus.log");
    process =
        new ProcessBuilder(
                "prometheus",
                "--config.file=" + folder.resolve("prometheus.yml"),
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    awaitReady();
  }

  /** Whether this machine has one. */
  public static boolean isInstalled() {
    try {
      return new ProcessBuilder("prometheus", "--version")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void awaitReady() throws IOException, InterruptedException {
    long begin = System.nanoTime();
    while (!answers()) {
      if (!process.isAlive() || System.nanoTime() - begin > PATIENCE.toNanos()) {
        throw new IOException("prometheus does not start:\n" + Files.readString(log));
      }
      Thread.sleep(50);
    }
  }

  private boolean answers() throws InterruptedException {
    try {
      return client
              .send(
                  HttpRequest.newBuilder(uri("/-/ready")).build(),
                  HttpResponse.BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  /** What a query gives now: a list of {@code {metric, value: [time, text]}}. */
  public JsonNode query(String expression) {
    return ask("/api/v1/query?query=" + encoded(expression)).get("result");
  }

  /** The same over a time, in steps: {@code {metric, values: [[time, text], …]}}. */
  public JsonNode range(String expression, Instant from, Instant to, Duration step) {
    return ask("/api/v1/query_range?query="
            + encoded(expression)
            + "&start="
            + from.getEpochSecond()
            + "&end="
            + to.getEpochSecond()
            + "&step="
            + step.toSeconds())
        .get("result");
  }

  /** The values a label has, as a dashboard's variable asks for them. */
  public List<String> labelValues(String metric, String label) {
    List<String> values = new ArrayList<>();
    ask("/api/v1/label/" + label + "/values?match[]=" + encoded(metric))
        .forEach(value -> values.add(value.asText()));
    return values;
  }

  /** Which alerts fire now, by name, with their labels. */
  public Map<String, List<JsonNode>> firing() {
    Map<String, List<JsonNode>> firing = new TreeMap<>();
    for (JsonNode alert : ask("/api/v1/alerts").get("alerts")) {
      if (alert.path("state").asText().equals("firing")) {
        firing
            .computeIfAbsent(alert.at("/labels/alertname").asText(), name -> new ArrayList<>())
            .add(alert);
      }
    }
    return firing;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  private JsonNode ask(String path) {
    try {
      HttpResponse<byte[]> answer =
          client.send(
              HttpRequest.newBuilder(uri(path.replace("[]", "%5B%5D"))).build(),
              HttpResponse.BodyHandlers.ofByteArray());
      JsonNode document = Json.read(answer.body());
      if (!document.path("status").asText().equals("success")) {
        throw new AssertionError(path + ": " + document.path("error").asText());
      }
      return document.get("data");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
