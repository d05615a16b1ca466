package dev.cmmshub.faults;

import dev.cmmshub.TestAdmins;
import dev.cmmshub.embedded.LoopbackPorts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The hub in a JVM of its own, as {@code ./hub run --profile external} starts it. */
final class HubProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final int TAIL = 20;
  private static final int WIDEST = 300;

  private final int port = LoopbackPorts.free();
  private final int adminPort = LoopbackPorts.free();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Thread hook = new Thread(this::end);
  private final Map<String, String> environment;
  private final Path folder;
  private final TestAdmins admins;
  private volatile Process process;
  private volatile boolean ended;

  /**
   * @param folder holds tenants.yaml and gets admins.yaml and the logs
   */
  HubProcess(Path folder, Map<String, String> environment) throws IOException {
    this.folder = folder;
    this.admins = new TestAdmins(folder);
    this.environment = environment;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  Path folder() {
    return folder;
  }

  int port() {
    return port;
  }

  /** A setting that the environment has no name for; before the start. */
  void configure(String line) throws IOException {
    Files.writeString(folder.resolve("hub.properties"), line + '\n');
  }

  int adminPort() {
    return adminPort;
  }

  /** Starts it and waits for nothing. */
  void launch() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("hub.out").toFile()));
    builder.environment().putAll(environment);
    process = builder.start();
    if (ended) {
      kill();
    }
  }

  /** The tests end: what is just being started must not outlive them. */
  private void end() {
    ended = true;
    kill();
  }

  long pid() {
    return process.pid();
  }

  /** Returns how long it took until requests are served. */
  Duration start() throws IOException {
    long begin = System.nanoTime();
    launch();
    while (!isReady()) {
      if (!process.isAlive() || System.nanoTime() - begin > PATIENCE.toNanos()) {
        throw new IOException("the hub does not start:\n" + tail());
      }
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  private List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", classPath(), "dev.cmmshub.cli.HubCommand", "run"));
    command.addAll(List.of("--profile", "external"));
    command.addAll(List.of("--config", folder.resolve("hub.properties").toString()));
    command.addAll(List.of("--port", Integer.toString(port)));
    command.addAll(List.of("--admin-port", Integer.toString(adminPort)));
    command.addAll(List.of("--tenants", folder.resolve("tenants.yaml").toString()));
    command.addAll(List.of("--data", folder.resolve("hub-data").toString()));
    return command;
  }

  /** Without the tests: nothing of them may help the hub. */
  private static String classPath() {
    String path =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return Arrays.stream(path.split(System.getProperty("path.separator")))
        .filter(entry -> !Path.of(entry).endsWith("test-classes"))
        .collect(Collectors.joining(System.getProperty("path.separator")));
  }

  private boolean isReady() {
    try {
      return get(adminPort, "/q/health/ready").statusCode() == 200
          && get(port, "/openapi.json").statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /** What the administration port answers. */
  String admin(String path) throws IOException {
    return send(administration(TestAdmins.VIEWER, path).build()).body();
  }

  private HttpRequest.Builder administration(String who, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + path))
        .header("Authorization", "Bearer " + admins.key(who))
        .timeout(Duration.ofSeconds(20));
  }

  /**
   * What the administration port answers an operator.
   *
   * @param operator one of {@link TestAdmins}
   * @param body may be empty
   */
  HttpResponse<String> operate(
      String operator, String method, String path, String version, byte[] body) throws IOException {
    return send(
        administration(operator, path)
            .header("Content-Type", "application/json")
            .header("If-Match", version)
            .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
            .build());
  }

  /** Posts something that need not be an event; returns the status and what is said of it. */
  HttpResponse<String> post(String path, String key, String contentType, byte[] body)
      throws IOException {
    return send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("X-API-Key", key)
            .header("Content-Type", contentType)
            .timeout(Duration.ofSeconds(20))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build());
  }

  private HttpResponse<String> send(HttpRequest request) throws IOException {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** The status of a tenant's request. */
  int get(String path, String key) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("X-API-Key", key)
            .timeout(Duration.ofSeconds(10))
            .build();
    return send(request).statusCode();
  }

  private HttpResponse<String> get(int at, String path) throws IOException {
    URI uri = URI.create("http://127.0.0.1:" + at + path);
    try {
      return client
          .sendAsync(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
          .get(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException(uri + " does not answer", e);
    }
  }

  /** What the process has in memory. */
  long residentBytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
        .sum();
  }

  /** SIGSTOP or SIGCONT. */
  void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  /** SIGTERM; returns when it is gone. */
  void terminate() {
    process.destroy();
    try {
      if (process.waitFor(20, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new IllegalStateException("the hub does not end:\n" + tail());
  }

  /** SIGKILL; returns when it is gone. */
  void kill() {
    if (process == null) {
      return;
    }
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** All the hub ever wrote: its standard output and its log files. */
  List<Path> logs() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.getFileName().toString().matches("hub\\.(out|log)(\\.\\d+)?"))
          .sorted()
          .toList();
    }
  }

  /** The last lines of its logs, for a test that failed. */
  String tail() {
    StringBuilder tail = new StringBuilder();
    try {
      for (Path log : logs()) {
        List<String> lines = Files.readAllLines(log);
        tail.append("--- ").append(log.getFileName()).append('\n');
        lines
            .subList(Math.max(0, lines.size() - TAIL), lines.size())
            .forEach(line -> tail.append(cut(line)).append('\n'));
      }
    } catch (IOException e) {
      tail.append(e);
    }
    return tail.toString();
  }

  private static String cut(String line) {
    return line.length() > WIDEST ? line.substring(0, WIDEST) + " …" : line;
  }

  @Override
  public void close() {
    kill();
    Runtime.getRuntime().removeShutdownHook(hook);
  }
}
