package dev.cmmshub.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The broker is killed, stopped and refuses. */
@Tag("faults")
class BrokerFaultsTest {
  @RegisterExtension static final FaultServers SERVERS = FaultServers.killable();

  @Test
  void brokerKilledForThirtySeconds() throws Exception {
    FaultBench bench = SERVERS.start("f4", Map.of());
    long down;
    long up;
    Duration restart;
    try (Load load = bench.load(100)) {
      FaultServers.pause(3000);
      SERVERS.backends().kafka.kill();
      down = System.nanoTime();
      FaultServers.pause(30_000);
      up = System.nanoTime();
      restart = SERVERS.backends().kafka.start();
      FaultServers.pause(3000);
    }
    List<LoadClient.Attempt> meanwhile = bench.client.attempts(down, up);
    double slowest = meanwhile.stream().mapToLong(LoadClient.Attempt::nanos).max().orElseThrow();
    bench.assertClean(
        "fault 4: broker killed for 30 s, %,d requests, all 503, the slowest after %.1f s;"
                .formatted(
                    meanwhile.stream().filter(one -> one.status() == 503).count(), slowest / 1e9)
            + " broker back after %.1f s".formatted(restart.toMillis() / 1e3));
    assertThat(bench.client.attempts(down, up - Duration.ofSeconds(6).toNanos()))
        .isNotEmpty()
        .allMatch(one -> one.status() == 503)
        .allMatch(one -> one.nanos() < Duration.ofSeconds(6).toNanos());
  }

  @Test
  void brokerStoppedForSixtySeconds() throws Exception {
    FaultBench bench = SERVERS.start("f5", Map.of());
    long threads;
    long up;
    try (Load load = bench.load(100)) {
      FaultServers.pause(3000);
      SERVERS.backends().kafka.signal("STOP");
      FaultServers.pause(60_000);
      threads = bench.threads();
      SERVERS.backends().kafka.signal("CONT");
      up = System.nanoTime();
      FaultServers.pause(5000);
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
  void deadLetterTopicThatTakesNothing() throws Exception {
    FaultBench bench = SERVERS.start("f15", Map.of());
    String tenant = bench.tenant("north");
    bench.client.send(new WorkOrder(tenant, "GOOD", WorkOrder.FIRST_VERSION, false));
    longestRecord("f15.dead-letter", "10");
    long tries;
    int waiting;
    try (TopicReader topics = new TopicReader(SERVERS.addresses().kafkaBootstrap())) {
      bench.client.send(new WorkOrder(tenant, "POISON", WorkOrder.FIRST_VERSION, true));
      FaultServers.pause(10_000);
      tries = bench.metric("hub_events_total", "outcome=\"dead_lettered\"");
      waiting = topics.uncommitted("f15.error", "f15-retry").size();
      longestRecord("f15.dead-letter", "11534336");
      FaultServers.pause(3000);
      assertThat(topics.all("f15.dead-letter")).hasSize(1);
    }
    Findings findings =
        bench.assertClean(
            "fault 15: dead-letter topic took nothing for 10 s, %d tries, %d record not committed"
                .formatted(tries, waiting));
    assertThat(tries).isBetween(3L, 20L);
    assertThat(waiting).isEqualTo(1);
    assertThat(findings.count(Fate.DEAD_LETTERED)).isEqualTo(1);
  }

  private static void longestRecord(String topic, String bytes) throws Exception {
    try (Admin admin =
        Admin.create(Map.of("bootstrap.servers", SERVERS.addresses().kafkaBootstrap()))) {
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
