package dev.cmmshub.logs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.message.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A real OpenSearch in a process of its own: its libraries are other versions of the hub's. Maven
 * found them and wrote the class path down.
 */
final class SearchEngine implements AutoCloseable {
  private static final Path CLASS_PATH = Path.of("target/search-engine.classpath");
  private static final Path NODE = Path.of("src/test/opensearch/SearchNode.java");
  private static final Pattern PORT =
      Pattern.compile("AbstractHttpServerTransport] publish_address [{]127[.]0[.]0[.]1:([0-9]+)}");
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private final HttpClient client = HttpClient.newHttpClient();
  private final Path output;
  private final Process process;
  private int port;

  private SearchEngine(Path folder) throws IOException {
    output = folder.resolve("opensearch.log");
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                Files.readString(CLASS_PATH),
                NODE.toString(),
                folder.resolve("opensearch").toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
  }

  /** Returns at once; {@link #await} waits until it answers. */
  static SearchEngine start(Path folder) throws IOException {
    return new SearchEngine(folder);
  }

  SearchEngine await() throws IOException, InterruptedException {
    long begin = System.nanoTime();
    while (!hasStarted()) {
      if (!process.isAlive() || System.nanoTime() - begin > PATIENCE.toNanos()) {
        throw new AssertionError("OpenSearch does not start:\n" + Files.readString(output));
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
    return this;
  }

  private boolean hasStarted() throws IOException {
    String log = Files.readString(output);
    Matcher told = PORT.matcher(log);
    if (told.find() && log.contains("recovered [0] indices")) {
      port = Integer.parseInt(told.group(1));
      return true;
    }
    return false;
  }

  HttpResponse<String> send(String method, String path, String body)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(30))
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** What it answers, which must be no error. */
  JsonNode ask(String method, String path, String body) throws IOException, InterruptedException {
    HttpResponse<String> answer = send(method, path, body);
    if (answer.statusCode() >= 300) {
      throw new AssertionError(method + ' ' + path + ": " + answer.body());
    }
    return Json.mapper().readTree(answer.body());
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
