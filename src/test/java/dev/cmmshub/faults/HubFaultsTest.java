package dev.cmmshub.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The hub is killed, ended or doubled under load. */
@Tag("faults")
class HubFaultsTest {
  @RegisterExtension static final FaultServers SERVERS = FaultServers.steady();

  /** {@code -Dfaults.kills=} for fewer. */
  @Test
  void killedTwentyTimesUnderLoad() throws Exception {
    int kills = Integer.getInteger("faults.kills", 20);
    FaultBench bench = SERVERS.start("f1", Map.of());
    Random random = new Random(FaultBench.SEED);
    long[] millis = new long[kills];
    try (Load load = bench.load(200)) {
      for (int i = 0; i < millis.length; i++) {
        FaultServers.pause(500 + random.nextInt(1500));
        bench.hub.kill();
        millis[i] = bench.hub.start().toMillis();
      }
      FaultServers.pause(1000);
    }
    Arrays.sort(millis);
    Findings findings =
        bench.assertClean(
            "fault 1: %d kills, served again after %.1f to %.1f s (median %.1f)"
                .formatted(
                    kills, millis[0] / 1e3, millis[kills - 1] / 1e3, millis[kills / 2] / 1e3));
    assertThat(millis[kills - 1]).isLessThan(20_000);
    assertThat(findings.count(Fate.STALE)).isZero();
    assertThat(bench.receipts.backwards()).isEmpty();
  }

  @Test
  void killedBetweenDatabaseCommitAndOffsetCommit() throws Exception {
    FaultBench bench = SERVERS.start("f2", Map.of());
    Random random = new Random(FaultBench.SEED);
    int looks = 0;
    int kills = 0;
    long caught = 0;
    long hits = 0;
    try (Load load = bench.load(400);
        TopicReader topics = new TopicReader(SERVERS.addresses().kafkaBootstrap())) {
      while (kills < 3 && looks++ < 60) {
        FaultServers.pause(200 + random.nextInt(500));
        bench.hub.signal("STOP");
        // What is on its way to the servers arrives.
        FaultServers.pause(200);
        long rows = storedButUncommitted(bench, topics);
        if (rows == 0) {
          bench.hub.signal("CONT");
          continue;
        }
        bench.hub.kill();
        kills++;
        caught += rows;
        bench.hub.start();
        hits += inboxHits(bench, rows);
      }
    }
    Findings findings =
        bench.assertClean(
            "fault 2: %d kills in the window after %d looks, %,d rows in it, %,d inbox hits"
                .formatted(kills, looks, caught, hits));
    assertThat(kills).isEqualTo(3);
    assertThat(hits).isGreaterThanOrEqualTo(caught);
    assertThat(findings.count(Fate.STALE)).isZero();
    assertThat(bench.receipts.backwards()).isEmpty();
  }

  /** Events with an inbox row whose offset the frozen hub has not committed. */
  private static long storedButUncommitted(FaultBench bench, TopicReader topics)
      throws SQLException {
    Shelves shelves = Shelves.read(SERVERS.addresses().shards(), bench.keys.keySet());
    return bench.untransformed(topics).stream()
        .filter(shelves.applied()::containsKey)
        .distinct()
        .count();
  }

  /** What the restarted hub counts, once it has read them all again. */
  private static long inboxHits(FaultBench bench, long expected) throws IOException {
    long begin = System.nanoTime();
    long hits = 0;
    while (hits < expected && System.nanoTime() - begin < Duration.ofSeconds(30).toNanos()) {
      FaultServers.pause(50);
      hits = bench.metric("hub_events_total", "outcome=\"duplicate\"");
    }
    return hits;
  }

  @Test
  void killedAfterAWebhookWasSentBeforeItWasNoted() throws Exception {
    FaultBench bench = SERVERS.start("f3", Map.of());
    Set<String> killedAt = ConcurrentHashMap.newKeySet();
    bench.hooks.beforeAnswer(
        order -> {
          // The first delivery of each of these is the hub's last act.
          if (order.path("number").asText().startsWith("KILL")
              && killedAt.add(order.path("number").asText())) {
            bench.hub.kill();
          }
        });
    for (int i = 0; i < 5; i++) {
      String number = "KILL" + i;
      bench.client.send(
          new WorkOrder(bench.tenant("north"), number, WorkOrder.FIRST_VERSION, false));
      FaultServers.await(() -> killedAt.contains(number));
      bench.hub.start();
      // The next kill must not come between the repeated webhook and its note as well.
      int deliveries = i + 1;
      FaultServers.await(() -> noted(bench) == deliveries);
    }
    bench.assertClean("fault 3: killed 5 times between a webhook and its note");
    assertThat(bench.receipts.seen().values()).containsExactly(2, 2, 2, 2, 2);
    assertThat(bench.receipts.backwards()).isEmpty();
  }

  private static int noted(FaultBench bench) throws SQLException {
    String sql =
        "SELECT event_id FROM delivery WHERE tenant_id = '%s'".formatted(bench.tenant("north"));
    return Shelves.column(SERVERS.addresses().shards(), sql).size();
  }

  /** {@code -Dfaults.joins=} for fewer. */
  @Test
  void aSecondHubJoinsAndLeavesTwentyTimes() throws Exception {
    int joins = Integer.getInteger("faults.joins", 20);
    FaultBench bench = SERVERS.start("f14", Map.of());
    try (Load load = bench.load(50);
        HubProcess second = bench.another("second")) {
      for (int i = 0; i < joins; i++) {
        second.start();
        FaultServers.pause(1500);
        if (i % 2 == 0) {
          second.kill();
        } else {
          second.terminate();
        }
      }
    }
    bench.assertClean(
        "fault 14: a second hub joined and left %d times, half of them killed".formatted(joins));
    assertThat(bench.receipts.backwards()).isEmpty();
  }

  /**
   * As when its machine is paused or its cable is pulled: nothing closes its connections, and what
   * it locked in a shard stays locked until the shard gives it up.
   */
  @Test
  void oneOfTwoHubsFrozenInsideATransaction() throws Exception {
    FaultBench bench = SERVERS.start("f15", Map.of("HUB_NODES", "2"));
    Random random = new Random(FaultBench.SEED);
    double waited;
    try (HubProcess second = bench.another("second")) {
      second.start();
      bench.client.alsoAt(second.port());
      try (Load load = bench.load(100)) {
        do {
          bench.hub.signal("CONT");
          FaultServers.pause(200 + random.nextInt(500));
          bench.hub.signal("STOP");
        } while (!holdsRows());
        long frozen = System.nanoTime();
        FaultServers.pause(1000);
        long until = System.nanoTime();
        FaultServers.await(
            () ->
                bench.client.attempts(frozen, until).stream()
                    .filter(one -> one.status() == 202)
                    .allMatch(one -> bench.hooks.firstAt().containsKey(one.event())));
        waited = (System.nanoTime() - frozen) / 1e9;
        bench.hub.signal("CONT");
        FaultServers.pause(3000);
      }
      bench.assertClean(
          "one of two hubs frozen inside a transaction, the other told all after %.1f s"
              .formatted(waited));
      assertThat(bench.receipts.backwards()).isEmpty();
    }
  }

  /** Whether some hub is in the middle of a transaction that has written, and stays there. */
  private static boolean holdsRows() throws SQLException {
    String sql =
        "SELECT pid || ' ' || xact_start FROM pg_stat_activity WHERE usename = 'hub_service'"
            + " AND state = 'idle in transaction' AND backend_xid IS NOT NULL";
    List<String> open = Shelves.column(SERVERS.addresses().shards(), sql);
    FaultServers.pause(500);
    return Shelves.column(SERVERS.addresses().shards(), sql).stream().anyMatch(open::contains);
  }
}
