package dev.cmmshub.faults;

import dev.cmmshub.TestHub;
import dev.cmmshub.embedded.EmbeddedAddresses;
import dev.cmmshub.embedded.PostgresAddress;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The hub in a JVM of its own, as {@code ./hub run --profile external} starts it. */
final class HubProcess {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final EmbeddedAddresses servers;
  private final Path folder;
  private final int port = TestHub.freePort();
  private final int adminPort = TestHub.freePort();
  private final HttpClient client = HttpClient.newHttpClient();
  private Process process;

  HubProcess(EmbeddedAddresses servers, Path folder) {
    this.servers = servers;
    this.folder = folder;
  }

  int port() {
    return port;
  }

  Path log() {
    return folder.resolve("hub.log");
  }

  /** Returns how long it took until requests are served. */
  Duration start() throws IOException {
    long begin = System.nanoTime();
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.cmmshub.cli.HubCommand",
                "run",
                "--profile",
                "external",
                "--port",
                Integer.toString(port),
                "--admin-port",
                Integer.toString(adminPort),
                "--tenants",
                folder.resolve("tenants.yaml").toString(),
                "--data",
                folder.resolve("hub-data").toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("hub.out").toFile()));
    builder.environment().putAll(environment());
    process = builder.start();
    while (!isReady()) {
      if (!process.isAlive() || System.nanoTime() - begin > PATIENCE.toNanos()) {
        throw new IOException(
            "the hub does not start:\n" + Files.readString(folder.resolve("hub.out")));
      }
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new java.util.HashMap<>();
    environment.put("HUB_KAFKA_BROKERS", servers.kafkaBootstrap());
    environment.put("HUB_SHARDS", String.join(",", shardNames()));
    for (PostgresAddress shard : servers.shards()) {
      String prefix = "HUB_SHARD_" + shard.name().toUpperCase(java.util.Locale.ROOT) + "_";
      environment.put(prefix + "URL", shard.jdbcUrl());
      environment.put(prefix + "OWNER_USER", shard.adminUser());
      environment.put(prefix + "OWNER_PASSWORD", shard.adminPassword());
      environment.put(prefix + "SERVICE_PASSWORD", "service-" + shard.adminPassword());
    }
    environment.put("HUB_REDIS_HOST", servers.redisHost());
    environment.put("HUB_REDIS_PORT", Integer.toString(servers.redisPort()));
    environment.put("HUB_REDIS_PASSWORD", servers.redisPassword());
    environment.put("HUB_LOG_FILE", log().toString());
    environment.put("HUB_TOPIC_PARTITIONS", "4");
    environment.put("HOOK_SECRET", FaultBench.HOOK_SECRET);
    return environment;
  }

  private List<String> shardNames() {
    return servers.shards().stream().map(PostgresAddress::name).toList();
  }

  private boolean isReady() {
    try {
      return get("/q/health/ready").statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private HttpResponse<String> get(String path) throws IOException {
    try {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + path))
              .timeout(Duration.ofSeconds(5))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  String admin(String path) throws IOException {
    return get(path).body();
  }

  /** kill -9. */
  void kill() {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
