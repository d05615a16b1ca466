package dev.cmmshub.docker;

import dev.cmmshub.embedded.LoopbackPorts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The {@code haproxy} of this machine with docker/proxy/haproxy.cfg, before other nodes. */
final class Proxy implements AutoCloseable {
  static final Path FILE = Path.of("docker/proxy/haproxy.cfg");
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /** Where a node is. */
  record Node(int port, int adminPort) {}

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final int port = LoopbackPorts.free();
  private final Path log;
  private final Process process;

  /** Returns when it listens. */
  Proxy(Path folder, List<Node> nodes) throws IOException, InterruptedException {
    int self = LoopbackPorts.free();
    String text =
        Files.readString(FILE)
            .replace("bind :8080\n", "bind 127.0.0.1:" + port + "\n")
            .replace("127.0.0.1:8404", "127.0.0.1:" + self);
    for (int i = 0; i < nodes.size(); i++) {
      String name = "hub-" + (i + 1);
      text =
          text.replace(
              name + ":8080 check port 8081",
              "127.0.0.1:" + nodes.get(i).port() + " check port " + nodes.get(i).adminPort());
    }
    Files.writeString(folder.resolve("haproxy.cfg"), text);
    log = folder.resolve("haproxy.log");
    process =
        new ProcessBuilder("haproxy", "-db", "-f", folder.resolve("haproxy.cfg").toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    awaitAlive(URI.create("http://127.0.0.1:" + self + "/alive"));
  }

  /** Asked as the container's health check asks. */
  private void awaitAlive(URI alive) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    while (true) {
      try {
        client.send(HttpRequest.newBuilder(alive).build(), HttpResponse.BodyHandlers.discarding());
        return;
      } catch (IOException e) {
        if (!process.isAlive() || System.nanoTime() - begin > PATIENCE.toNanos()) {
          throw new IOException("haproxy does not start:\n" + log(), e);
        }
      }
      Thread.sleep(50);
    }
  }

  static boolean isInstalled() throws IOException, InterruptedException {
    return Commands.works("haproxy -v");
  }

  int port() {
    return port;
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(20));
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** What it logged until now. */
  String log() throws IOException {
    return Files.readString(log);
  }

  @Override
  public void close() {
    process.destroy();
  }
}
