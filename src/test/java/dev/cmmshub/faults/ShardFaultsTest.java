package dev.cmmshub.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cmmshub.embedded.EmbeddedAddresses;
import dev.cmmshub.embedded.PostgresAddress;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Shards and Redis are killed, slow or cut off. */
@Tag("faults")
class ShardFaultsTest {
  @RegisterExtension static final FaultServers SERVERS = FaultServers.killable();

  @Test
  void oneShardKilledDelaysTheOtherNotAtAll() throws Exception {
    FaultBench bench = SERVERS.start("f6", Map.of());
    List<Double> quiet = new ArrayList<>();
    List<Double> meanwhile = new ArrayList<>();
    try (Load load = bench.load(120)) {
      FaultServers.pause(5000);
      for (int i = 0; i < 3; i++) {
        long begin = System.nanoTime();
        FaultServers.pause(7000);
        long down = System.nanoTime();
        SERVERS.backends().shardA.kill();
        FaultServers.pause(9000);
        long up = System.nanoTime();
        quiet.add(bench.p99(begin, down, "north", "river"));
        meanwhile.add(bench.p99(down, up - Duration.ofSeconds(2).toNanos(), "north", "river"));
        SERVERS.backends().shardA.start();
        FaultServers.pause(3000);
      }
    }
    bench.assertClean(
        "fault 6: shard a killed three times for 9 s, p99 of shard b %s ms, before %s ms"
            .formatted(meanwhile, quiet));
    Latencies.assertNotMuchLonger(meanwhile, quiet, 2);
  }

  /** Longer than Kafka waits for a consumer's next poll. */
  @Test
  void shardsStoppedPastThePollInterval() throws Exception {
    FaultBench bench = SERVERS.bench("f7", Map.of());
    bench.hub.configure("camel.component.kafka.maxPollIntervalMs=8000");
    bench.hub.start();
    Set<String> before;
    Set<String> after;
    try (Load load = bench.load(60);
        TopicReader topics = new TopicReader(SERVERS.addresses().kafkaBootstrap())) {
      FaultServers.pause(3000);
      before = topics.members("f7-transform");
      SERVERS.backends().shardA.signal("STOP");
      SERVERS.backends().shardB.signal("STOP");
      FaultServers.pause(25_000);
      SERVERS.backends().shardA.signal("CONT");
      SERVERS.backends().shardB.signal("CONT");
      FaultServers.pause(3000);
      after = topics.members("f7-transform");
    }
    after.removeAll(before);
    bench.assertClean(
        "fault 7: both shards stopped for 25 s, poll interval 8 s, %d of %d consumers joined anew"
            .formatted(after.size(), before.size()));
    assertThat(before).isNotEmpty();
    assertThat(bench.client.attempts()).allMatch(one -> one.status() == 202);
    assertThat(bench.receipts.backwards()).isEmpty();
  }

  @Test
  void redisKilledIsNoticedByNobody() throws Exception {
    FaultBench bench = SERVERS.start("f8", Map.of());
    long down;
    try (Load load = bench.load(100)) {
      FaultServers.pause(3000);
      SERVERS.backends().redis.kill();
      down = System.nanoTime();
      FaultServers.pause(10_000);
      assertThat(bench.read("/v1/workorder?limit=1")).isEqualTo(200);
      SERVERS.backends().redis.start();
      FaultServers.pause(2000);
    }
    List<LoadClient.Attempt> meanwhile = bench.client.attempts(down, Long.MAX_VALUE);
    bench.assertClean("fault 8: redis killed for 10 s, %,d requests".formatted(meanwhile.size()));
    assertThat(meanwhile).isNotEmpty().allMatch(one -> one.status() == 202);
  }

  /** Connections stand, and nothing comes back. */
  @Test
  void redisThatAnswersNothingCostsLittle() throws Exception {
    EmbeddedAddresses servers = SERVERS.addresses();
    try (TcpProxy redis = new TcpProxy(servers.redisPort(), FaultBench.SEED)) {
      FaultBench bench =
          SERVERS.bench(
              "f9",
              Map.of(),
              new EmbeddedAddresses(
                  servers.kafkaBootstrap(),
                  servers.shards(),
                  servers.redisHost(),
                  redis.port(),
                  servers.redisPassword()));
      bench.hub.start();
      List<Double> quiet = new ArrayList<>();
      List<Double> meanwhile = new ArrayList<>();
      try (Load load = bench.load(100)) {
        FaultServers.pause(5000);
        for (int i = 0; i < 3; i++) {
          long begin = System.nanoTime();
          FaultServers.pause(6000);
          long away = System.nanoTime();
          redis.swallow(true);
          FaultServers.pause(6000);
          long back = System.nanoTime();
          redis.swallow(false);
          FaultServers.pause(2000);
          quiet.add(bench.p99(begin, away, "harbor", "north", "river"));
          meanwhile.add(bench.p99(away, back, "harbor", "north", "river"));
        }
      }
      bench.assertClean(
          "fault 9: Redis swallowed everything three times for 6 s, p99 %s ms, before %s ms"
              .formatted(meanwhile, quiet));
      assertThat(bench.client.attempts()).allMatch(one -> one.status() == 202);
      assertThat(Latencies.median(meanwhile)).isLessThanOrEqualTo(Latencies.median(quiet) + 100);
    }
  }

  @Test
  void shardsAndRedisAnswerLateAndResetConnections() throws Exception {
    EmbeddedAddresses servers = SERVERS.addresses();
    try (TcpProxy a = proxy(servers.shards().get(0).jdbcUrl());
        TcpProxy b = proxy(servers.shards().get(1).jdbcUrl());
        TcpProxy redis = new TcpProxy(servers.redisPort(), FaultBench.SEED)) {
      EmbeddedAddresses disturbed =
          new EmbeddedAddresses(
              servers.kafkaBootstrap(),
              List.of(through(a, servers.shards().get(0)), through(b, servers.shards().get(1))),
              servers.redisHost(),
              redis.port(),
              servers.redisPassword());
      FaultBench bench = SERVERS.bench("f13", Map.of(), disturbed);
      bench.hub.start();
      try (Load load = bench.load(30)) {
        FaultServers.pause(2000);
        List.of(a, b, redis).forEach(one -> one.disturb(Duration.ofMillis(500), 0.02));
        FaultServers.pause(20_000);
        List.of(a, b, redis).forEach(one -> one.disturb(Duration.ZERO, 0));
        FaultServers.pause(1000);
      }
      bench.assertClean(
          "fault 13: 500 ms delay and %d resets between hub, shards and redis"
              .formatted(a.resets() + b.resets() + redis.resets()));
      assertThat(bench.receipts.backwards()).isEmpty();
    }
  }

  private static TcpProxy proxy(String jdbcUrl) throws IOException {
    return new TcpProxy(URI.create(jdbcUrl.substring("jdbc:".length())).getPort(), FaultBench.SEED);
  }

  private static PostgresAddress through(TcpProxy proxy, PostgresAddress shard) {
    return new PostgresAddress(
        shard.name(),
        "jdbc:postgresql://127.0.0.1:" + proxy.port() + "/hub",
        shard.adminUser(),
        shard.adminPassword());
  }
}
