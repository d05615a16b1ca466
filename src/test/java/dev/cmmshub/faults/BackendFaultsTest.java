package dev.cmmshub.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cmmshub.embedded.EmbeddedAddresses;
import dev.cmmshub.embedded.PostgresAddress;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The servers the hub stands on are killed and stopped under load. */
@Tag("faults")
class BackendFaultsTest {
  private static final long SEED = 20_260_306;

  private static Path folder;
  private static Backends backends;
  private static EmbeddedAddresses servers;
  private FaultBench bench;

  @BeforeAll
  static void startServers() throws IOException {
    folder = Files.createTempDirectory("cmms-hub-backends");
    backends = new Backends(folder);
    servers = backends.start();
  }

  @AfterAll
  static void stopServers() throws IOException {
    backends.close();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private void start(String name, Map<String, String> settings) throws IOException {
    bench = new FaultBench(servers, folder.resolve(name), settings);
    bench.hub.start();
  }

  @AfterEach
  void stop() throws IOException {
    if (bench != null) {
      bench.close();
    }
  }

  private static void pause(int millis) {
    LockSupport.parkNanos(Duration.ofMillis(millis).toNanos());
  }

  private Load load(int round, int perSecond) {
    return Load.start(bench.client, bench.keys.keySet(), SEED, round, perSecond);
  }

  private List<LoadClient.Attempt> attempts(long from, long to) {
    return bench.client.attempts().stream()
        .filter(one -> one.begin() >= from && one.begin() < to)
        .toList();
  }

  private double p99(long from, long to, String... tenants) {
    List<String> names = Stream.of(tenants).map(bench::tenant).toList();
    return Latencies.p99(
        bench.client.attempts(),
        bench.hooks.firstAt(),
        from,
        to,
        one -> names.contains(one.tenant()));
  }

  @Test
  void brokerKilledForThirtySeconds() throws Exception {
    start("f4", Map.of());
    long down;
    long up;
    Duration restart;
    try (Load load = load(0, 100)) {
      pause(3000);
      backends.kafka.kill();
      down = System.nanoTime();
      pause(30_000);
      up = System.nanoTime();
      restart = backends.kafka.start();
      pause(3000);
    }
    List<LoadClient.Attempt> meanwhile = attempts(down, up);
    double slowest = meanwhile.stream().mapToLong(LoadClient.Attempt::nanos).max().orElseThrow();
    bench.assertClean(
        "fault 4: broker killed for 30 s, %,d requests, all 503, the slowest after %.1f s;"
                .formatted(
                    meanwhile.stream().filter(one -> one.status() == 503).count(), slowest / 1e9)
            + " broker back after %.1f s".formatted(restart.toMillis() / 1e3));
    assertThat(attempts(down, up - Duration.ofSeconds(6).toNanos()))
        .isNotEmpty()
        .allMatch(one -> one.status() == 503)
        .allMatch(one -> one.nanos() < Duration.ofSeconds(6).toNanos());
  }

  @Test
  void brokerStoppedForSixtySeconds() throws Exception {
    start("f5", Map.of());
    long threads;
    long up;
    try (Load load = load(0, 100)) {
      pause(3000);
      backends.kafka.signal("STOP");
      pause(60_000);
      threads = bench.threads();
      backends.kafka.signal("CONT");
      up = System.nanoTime();
      pause(5000);
    }
    double recovered =
        bench.client.attempts().stream()
            .filter(one -> one.status() == 202)
            .mapToLong(one -> one.begin() + one.nanos() - up)
            .filter(after -> after > 0)
            .min()
            .orElseThrow();
    bench.assertClean(
        "fault 5: broker stopped for 60 s, %d threads in the hub, accepts again after %.1f s"
            .formatted(threads, recovered / 1e9));
    assertThat(threads).isLessThan(250);
    assertThat(recovered / 1e9).isLessThan(30);
  }

  @Test
  void oneShardKilledDelaysTheOtherNotAtAll() throws Exception {
    start("f6", Map.of());
    double quiet;
    double meanwhile;
    try (Load load = load(0, 120)) {
      pause(5000);
      long begin = System.nanoTime();
      pause(15_000);
      long down = System.nanoTime();
      backends.shardA.kill();
      pause(15_000);
      long up = System.nanoTime();
      quiet = p99(begin, down, "north", "river");
      meanwhile = p99(down, up - Duration.ofSeconds(2).toNanos(), "north", "river");
      backends.shardA.start();
      pause(2000);
    }
    bench.assertClean(
        "fault 6: shard a killed for 15 s, p99 of shard b %.0f ms, before %.0f ms"
            .formatted(meanwhile, quiet));
    assertThat(meanwhile).isLessThanOrEqualTo(2 * quiet);
  }

  @Test
  void redisKilledIsNoticedByNobody() throws Exception {
    start("f8", Map.of());
    long down;
    try (Load load = load(0, 100)) {
      pause(3000);
      backends.redis.kill();
      down = System.nanoTime();
      pause(10_000);
      assertThat(bench.read("/v1/workorder?limit=1")).isEqualTo(200);
      backends.redis.start();
      pause(2000);
    }
    List<LoadClient.Attempt> meanwhile = attempts(down, Long.MAX_VALUE);
    bench.assertClean("fault 8: redis killed for 10 s, %,d requests".formatted(meanwhile.size()));
    assertThat(meanwhile).isNotEmpty().allMatch(one -> one.status() == 202);
  }

  @Test
  void shardsAndRedisAnswerLateAndResetConnections() throws Exception {
    try (TcpProxy a = proxy(servers.shards().get(0).jdbcUrl());
        TcpProxy b = proxy(servers.shards().get(1).jdbcUrl());
        TcpProxy redis = new TcpProxy(servers.redisPort(), SEED)) {
      EmbeddedAddresses disturbed =
          new EmbeddedAddresses(
              servers.kafkaBootstrap(),
              List.of(through(a, servers.shards().get(0)), through(b, servers.shards().get(1))),
              servers.redisHost(),
              redis.port(),
              servers.redisPassword());
      bench = new FaultBench(disturbed, folder.resolve("f13"), Map.of());
      bench.hub.start();
      try (Load load = load(0, 30)) {
        pause(2000);
        List.of(a, b, redis).forEach(one -> one.disturb(Duration.ofMillis(500), 0.02));
        pause(20_000);
        List.of(a, b, redis).forEach(one -> one.disturb(Duration.ZERO, 0));
        pause(1000);
      }
      bench.assertClean(
          "fault 13: 500 ms delay and %d resets between hub, shards and redis"
              .formatted(a.resets() + b.resets() + redis.resets()));
      assertThat(bench.hooks.backwards()).isEmpty();
    }
  }

  private static TcpProxy proxy(String jdbcUrl) throws IOException {
    return new TcpProxy(URI.create(jdbcUrl.substring("jdbc:".length())).getPort(), SEED);
  }

  private static PostgresAddress through(TcpProxy proxy, PostgresAddress shard) {
    return new PostgresAddress(
        shard.name(),
        "jdbc:postgresql://127.0.0.1:" + proxy.port() + "/hub",
        shard.adminUser(),
        shard.adminPassword());
  }

  @Test
  void deadLetterTopicThatTakesNothing() throws Exception {
    start("f15", Map.of());
    String tenant = bench.tenant("north");
    bench.client.send(new WorkOrder(tenant, "GOOD", WorkOrder.FIRST_VERSION, false));
    longestRecord("f15.dead-letter", "10");
    long tries;
    int waiting;
    try (TopicReader topics = new TopicReader(servers.kafkaBootstrap())) {
      bench.client.send(new WorkOrder(tenant, "POISON", WorkOrder.FIRST_VERSION, true));
      pause(10_000);
      tries = bench.metric("hub_events_total", "outcome=\"dead_lettered\"");
      waiting = topics.uncommitted("f15.error", "f15-retry").size();
      longestRecord("f15.dead-letter", "11534336");
      pause(3000);
      assertThat(topics.all("f15.dead-letter")).hasSize(1);
    }
    Verdict verdict =
        bench.assertClean(
            "fault 15: dead-letter topic took nothing for 10 s, %d tries, %d record not committed"
                .formatted(tries, waiting));
    assertThat(tries).isBetween(3L, 20L);
    assertThat(waiting).isEqualTo(1);
    assertThat(verdict.dead()).isEqualTo(1);
  }

  private static void longestRecord(String topic, String bytes) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers.kafkaBootstrap()))) {
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.TOPIC, topic),
                  List.of(
                      new AlterConfigOp(
                          new ConfigEntry("max.message.bytes", bytes), AlterConfigOp.OpType.SET))))
          .all()
          .get();
    }
  }
}
