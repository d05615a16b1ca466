package dev.cmmshub.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.embedded.PostgresAddress;
import dev.cmmshub.message.Json;
import dev.cmmshub.tenant.KeyHash;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A file is loaded while hub, broker, shard and the sender itself are killed. */
@Tag("faults")
class BulkFaultsTest {
  @RegisterExtension static final FaultServers SERVERS = FaultServers.killable();

  private static final String KEY = KeyHash.newKey(new SecureRandom());
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  /** {@code -Dbulk.rows=1000000 -Dbulk.kills=10 -Dbulk.seed=} for the long form. */
  @Test
  void aJobSurvivesTheDeathOfAllThatWorkOnIt() throws Exception {
    int kills = Integer.getInteger("bulk.kills", 10);
    long seed = Long.getLong("bulk.seed", new Random().nextInt(1_000_000));
    Random random = new Random(seed);
    System.out.printf("bulk: seed %d, repeat it with -Dbulk.seed=%d%n", seed, seed);
    try (DigestReceiver digests = new DigestReceiver()) {
      FaultBench bench = SERVERS.bench("bulk", Map.of());
      addTenant(bench, digests);
      bench.hub.start();
      Path folder = bench.hub.folder();
      BulkFile file =
          BulkFile.write(folder.resolve("parts.ndjson"), Integer.getInteger("bulk.rows", 200_000));
      Files.writeString(folder.resolve("key"), KEY);
      long begin = System.nanoTime();
      StringBuilder killed = new StringBuilder();
      Process sender = send(bench, folder);
      try (Load load = bench.load(20)) {
        for (int i = 0; i < kills; i++) {
          int rows = file.rows() / (kills + 1) * i + random.nextInt(file.rows() / (kills + 1));
          await(() -> isEnded(bench) || received(bench) >= rows);
          sender = kill(bench, random, killed, sender, folder);
        }
        assertThat(sender.waitFor(30, TimeUnit.MINUTES)).isTrue();
      }
      double seconds = (System.nanoTime() - begin) / 1e9;
      assertRight(bench, file, digests);
      bench.assertClean(
          "bulk: %,d rows in %.0f s (%,.0f a second), killed: %s"
              .formatted(file.rows(), seconds, file.rows() / seconds, killed.toString().strip()));
    }
  }

  /**
   * {@code -Dbulk.seconds=} for longer windows: live events alone, then beside a load, in turns.
   */
  @Test
  void liveEventsPassALoad() throws Exception {
    int millis = 1000 * Integer.getInteger("bulk.seconds", 12);
    try (DigestReceiver digests = new DigestReceiver()) {
      FaultBench bench = SERVERS.bench("lane", Map.of());
      addTenant(bench, digests);
      bench.hub.start();
      Path folder = bench.hub.folder();
      BulkFile.write(folder.resolve("parts.ndjson"), Integer.getInteger("bulk.lane", 1_000_000));
      Files.writeString(folder.resolve("key"), KEY);
      double[] alone = new double[3];
      double[] beside = new double[3];
      long rows = 0;
      Process sender = send(bench, folder);
      try (Load load = bench.load(40)) {
        await(() -> received(bench) > 0);
        for (int i = 0; i < alone.length; i++) {
          act(bench, "pause");
          FaultServers.pause(3000);
          alone[i] = p99(bench, millis);
          act(bench, "resume");
          long before = done(bench);
          beside[i] = p99(bench, millis);
          rows += done(bench) - before;
        }
        act(bench, "cancel");
      } finally {
        sender.destroyForcibly().waitFor();
      }
      bench.assertClean(
          "bulk: live p99 beside a load %s ms, alone %s ms; %,d rows a second meanwhile"
              .formatted(
                  Arrays.toString(beside),
                  Arrays.toString(alone),
                  rows * 1000 / (alone.length * (long) millis)));
      assertThat(rows).as("rows that were written beside live events").isPositive();
    }
  }

  private static double p99(FaultBench bench, int millis) {
    long from = System.nanoTime();
    FaultServers.pause(millis);
    return Math.round(bench.p99(from, System.nanoTime(), "harbor", "north", "river"));
  }

  private static long done(FaultBench bench) {
    return job(bench).at("/rows/done").asLong();
  }

  private static void act(FaultBench bench, String action) throws Exception {
    HttpResponse<String> answer =
        CLIENT.send(
            HttpRequest.newBuilder(
                    URI.create(
                        "http://127.0.0.1:%d/v1/jobs/%s/%s"
                            .formatted(bench.hub.port(), job(bench).get("id").asText(), action)))
                .header("X-API-Key", KEY)
                .POST(HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  /** A million rows take a while. */
  private static void await(Callable<Boolean> condition) throws Exception {
    long until = System.nanoTime() + TimeUnit.MINUTES.toNanos(30);
    while (!condition.call()) {
      assertThat(System.nanoTime()).as("not so within half an hour").isLessThan(until);
      FaultServers.pause(200);
    }
  }

  private static Process kill(
      FaultBench bench, Random random, StringBuilder killed, Process sender, Path folder)
      throws Exception {
    List<String> victims = List.of("hub", "broker", "shard", "sender");
    String victim = victims.get(random.nextInt(victims.size()));
    killed.append(victim).append(' ');
    switch (victim) {
      case "hub" -> {
        bench.hub.kill();
        bench.hub.start();
      }
      case "broker" -> {
        SERVERS.backends().kafka.kill();
        FaultServers.pause(500);
        SERVERS.backends().kafka.start();
      }
      case "shard" -> {
        SERVERS.backends().shardA.kill();
        FaultServers.pause(500);
        SERVERS.backends().shardA.start();
      }
      default -> {
        sender.destroyForcibly().waitFor();
        return send(bench, folder);
      }
    }
    return sender;
  }

  private static void addTenant(FaultBench bench, DigestReceiver digests) throws IOException {
    Files.writeString(
        bench.hub.folder().resolve("tenants.yaml"),
        """
          %s:
            shard: a
            keys: [{id: k, sha256: "%s", can: [bulk]}]
            systems: {sap: {connector: sap-s4hana}}
            subscriptions:
              - {to: "%s", events: [part.*], bulk: digest, secret: "{{env:HOOK_SECRET}}"}
        """
            .formatted(tenant(bench), KeyHash.of(KEY), digests.address()),
        StandardOpenOption.APPEND);
  }

  /** The command, as an operator starts it. */
  private static Process send(FaultBench bench, Path folder) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-Dhub.log.file=" + folder.resolve("sender.log"),
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            "dev.cmmshub.cli.HubCommand",
            "batch",
            "load",
            folder.resolve("parts.ndjson").toString(),
            "--system",
            "sap",
            "--hub",
            "http://127.0.0.1:" + bench.hub.port(),
            "--key-file",
            folder.resolve("key").toString(),
            "--json")
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("sender.out").toFile()))
        .start();
  }

  private static JsonNode job(FaultBench bench) {
    try {
      JsonNode jobs = Json.read(get(bench, "/v1/jobs").getBytes()).path("jobs");
      return jobs.path(0);
    } catch (IOException | RuntimeException e) {
      return Json.mapper().missingNode();
    }
  }

  private static String get(FaultBench bench, String path) throws IOException {
    try {
      return CLIENT
          .send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + bench.hub.port() + path))
                  .header("X-API-Key", KEY)
                  .build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long received(FaultBench bench) {
    return job(bench).at("/received/rows").asLong();
  }

  private static boolean isEnded(FaultBench bench) {
    return job(bench).has("endedAt");
  }

  /** Each row is there once or rejected, by the job, by the shard and by what observers heard. */
  private static void assertRight(FaultBench bench, BulkFile file, DigestReceiver digests)
      throws Exception {
    await(() -> isEnded(bench));
    JsonNode job = job(bench);
    assertThat(job.get("state").asText()).as(job.toString()).isEqualTo("done");
    assertThat(job.at("/received/rows").asInt()).isEqualTo(file.rows());
    assertThat(job.at("/rows/applied").asInt()).as(job.toString()).isEqualTo(file.right());
    assertThat(job.at("/rows/duplicate").asInt()).isZero();
    assertThat(rejects(bench, job)).isEqualTo(file.wrong());
    assertThat(count(bench, "count(*) FROM entity")).isEqualTo(file.right());
    assertThat(count(bench, "count(*) FROM inbox")).isEqualTo(file.right());
    assertThat(count(bench, "sum(repeats) FROM inbox")).as("rows that were written twice").isZero();
    await(() -> digests.parts().size() == file.right());
  }

  private static Set<Long> rejects(FaultBench bench, JsonNode job) throws IOException {
    return get(bench, "/v1/jobs/" + job.get("id").asText() + "/rejects")
        .lines()
        .map(line -> Json.read(line.getBytes()).get("row").asLong())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String tenant(FaultBench bench) {
    return bench.prefix + "-loads";
  }

  private static long count(FaultBench bench, String what) throws SQLException {
    String sql = "SELECT " + what + " WHERE tenant_id = '" + tenant(bench) + "'";
    PostgresAddress shard = SERVERS.addresses().shards().get(0);
    try (Connection connection =
            DriverManager.getConnection(shard.jdbcUrl(), shard.adminUser(), shard.adminPassword());
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }
}
