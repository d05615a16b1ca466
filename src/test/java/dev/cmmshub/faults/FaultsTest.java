package dev.cmmshub.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cmmshub.embedded.EmbeddedServices;
import dev.cmmshub.embedded.EmbeddedSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/** Each fault passes the oracle: every accepted event is in exactly one place, applied once. */
@Tag("faults")
class FaultsTest {
  private static final int SEED = 20_260_101;
  private static EmbeddedServices servers;
  private static Path folder;

  private FaultBench bench;

  @RegisterExtension
  final TestExecutionExceptionHandler showLogs =
      (context, failure) -> {
        System.out.println(bench == null ? "no hub was started" : bench.hub.tail());
        throw failure;
      };

  @BeforeAll
  static void startServers() throws IOException {
    folder = Files.createTempDirectory("cmms-hub-faults");
    // For a run that is stopped in the middle.
    Runtime.getRuntime().addShutdownHook(new Thread(FaultsTest::stopServers));
    servers = EmbeddedServices.start(EmbeddedSettings.in(folder.resolve("data"), 2), line -> {});
  }

  @AfterAll
  static void end() throws IOException {
    stopServers();
    delete(folder);
  }

  private static synchronized void stopServers() {
    if (servers != null) {
      servers.close();
      servers = null;
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** A hub of a test's own. */
  private void start(String name, Map<String, String> settings) throws IOException {
    bench = new FaultBench(servers.addresses(), folder.resolve(name), settings);
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

  @Test
  void killedTwentyTimesUnderLoad() throws Exception {
    start("f1", Map.of());
    Random random = new Random(SEED);
    long[] millis = new long[20];
    try (Load load = Load.start(bench.client, bench.keys.keySet(), SEED, 0, 200)) {
      for (int i = 0; i < millis.length; i++) {
        pause(500 + random.nextInt(1500));
        bench.hub.kill();
        millis[i] = bench.hub.start().toMillis();
      }
      pause(1000);
    }
    Arrays.sort(millis);
    Verdict verdict =
        bench.assertClean(
            "fault 1: 20 kills, served again after %.1f to %.1f s (median %.1f)"
                .formatted(millis[0] / 1e3, millis[19] / 1e3, (millis[9] + millis[10]) / 2e3));
    assertThat(millis[19]).isLessThan(20_000);
    assertThat(verdict.stale()).isZero();
    assertThat(bench.hooks.backwards()).isEmpty();
  }

  @Test
  void killedBetweenDatabaseCommitAndOffsetCommit() throws Exception {
    start("f2", Map.of());
    Random random = new Random(SEED);
    int looks = 0;
    int kills = 0;
    long caught = 0;
    long hits = 0;
    try (Load load = Load.start(bench.client, bench.keys.keySet(), SEED, 0, 400);
        TopicReader topics = new TopicReader(servers.addresses().kafkaBootstrap())) {
      while (kills < 3 && looks++ < 60) {
        pause(200 + random.nextInt(500));
        bench.hub.signal("STOP");
        // What is on its way to the servers arrives.
        pause(200);
        long rows = storedButUncommitted(topics);
        if (rows == 0) {
          bench.hub.signal("CONT");
          continue;
        }
        bench.hub.kill();
        kills++;
        caught += rows;
        bench.hub.start();
        hits += inboxHits(rows);
      }
    }
    Verdict verdict =
        bench.assertClean(
            "fault 2: %d kills in the window after %d looks, %,d rows in it, %,d inbox hits"
                .formatted(kills, looks, caught, hits));
    assertThat(kills).isEqualTo(3);
    assertThat(hits).isGreaterThanOrEqualTo(caught);
    assertThat(verdict.stale()).isZero();
    assertThat(bench.hooks.backwards()).isEmpty();
  }

  /** Events with an inbox row whose offset the frozen hub has not committed. */
  private long storedButUncommitted(TopicReader topics) throws SQLException {
    Shelves shelves = Shelves.read(servers.addresses().shards(), bench.keys.keySet());
    return topics.uncommitted(bench.prefix + ".inbound", bench.prefix + "-transform").stream()
        .filter(shelves.applied()::containsKey)
        .distinct()
        .count();
  }

  /** What the restarted hub counts, once it has read them all again. */
  private long inboxHits(long expected) throws IOException {
    long begin = System.nanoTime();
    long hits = 0;
    while (hits < expected && System.nanoTime() - begin < Duration.ofSeconds(30).toNanos()) {
      pause(50);
      hits = bench.metric("hub_events_total", "outcome=\"duplicate\"");
    }
    return hits;
  }

  @Test
  void onePoisonInABatchOfFiveHundred() throws Exception {
    start(
        "f16",
        Map.of(
            "HUB_TOPIC_PARTITIONS", "1",
            "HUB_TRANSFORM_CONSUMERS", "1",
            "HUB_LOG_LEVEL", "debug"));
    String tenant = bench.tenant("north");
    try (HeldInbox held = new HeldInbox(servers.addresses().shards())) {
      // The first waits for its row, and all others behind it.
      bench.client.send(new WorkOrder(tenant, "FIRST", WorkOrder.FIRST_VERSION, false));
      for (int i = 0; i < 500; i++) {
        bench.client.send(new WorkOrder(tenant, "B" + i, WorkOrder.FIRST_VERSION, i == 250));
      }
    }
    Verdict verdict = bench.oracle.settle();
    String letters = bench.hub.admin("/admin/v1/dead-letters");
    bench.assertClean(
        "fault 16: 1 poison in 500 (up to %d rows in one transaction)"
            .formatted(HeldInbox.largestTransaction(servers.addresses().shards(), tenant)));
    assertThat(bench.hub.logs())
        .as("searched for secrets")
        .anyMatch(log -> log.endsWith("hub.log"));
    assertThat(verdict.applied()).isEqualTo(1 + 499);
    assertThat(verdict.dead()).isEqualTo(1);
    assertThat(letters)
        .containsOnlyOnce("\"attempt\":")
        .contains("B250", "\"attempt\":1", "\"errorClass\":\"schema\"");
  }

  @Test
  void everyEventThreeTimesShuffled() throws Exception {
    start("f17", Map.of());
    Shuffled.send(bench.client, bench.tenant("river"), 100, 3, 3, SEED);
    Verdict verdict = bench.assertClean("fault 17: 300 events, each three times, shuffled");
    assertThat(bench.ledger.entries()).hasSize(900);
    assertThat(verdict.applied()).isEqualTo(300);
    assertThat(bench.hooks.backwards()).isEmpty();
    assertThat(bench.hooks.seen().values()).allMatch(times -> times == 1);
  }

  @Test
  void aReceiverThatWasDownGetsEverythingAfterwards() throws Exception {
    start("f27", Map.of());
    bench.hooks.setDown(true);
    try (Load load = Load.start(bench.client, bench.keys.keySet(), SEED, 0, 50)) {
      pause(5000);
    }
    assertThat(bench.hooks.seen()).isEmpty();
    bench.hooks.setDown(false);
    Verdict verdict = bench.assertClean("receiver down: 5 s of load against 503");
    assertThat(verdict.stale()).isZero();
    assertThat(bench.hooks.backwards()).isEmpty();
  }

  @Test
  void killedAfterAWebhookWasSentBeforeItWasNoted() throws Exception {
    start("f3", Map.of());
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
      while (!killedAt.contains(number)) {
        pause(10);
      }
      bench.hub.start();
    }
    bench.assertClean("fault 3: killed 5 times between a webhook and its note");
    assertThat(killedAt).hasSize(5);
    assertThat(bench.hooks.seen().values()).allMatch(times -> times <= 2);
    assertThat(bench.hooks.backwards()).isEmpty();
  }

  @Test
  void theHeadOfAKeyFailsThreeTimes() throws Exception {
    start("f18", Map.of());
    String stuck = "W0-0";
    Map<String, Integer> refusals = new ConcurrentHashMap<>();
    AtomicBoolean failing = new AtomicBoolean();
    bench.hooks.refuse(
        order ->
            failing.get()
                && order.path("number").asText().equals(stuck)
                && refusals.merge(order.path("tenantId").asText(), 1, Integer::sum) <= 3);
    double quiet;
    double meanwhile;
    try (Load load = Load.start(bench.client, bench.keys.keySet(), SEED, 0, 100)) {
      pause(5000);
      long begin = System.nanoTime();
      pause(12_000);
      long from = System.nanoTime();
      failing.set(true);
      pause(12_000);
      long to = System.nanoTime();
      quiet = p99WithoutOne(begin, from, stuck);
      meanwhile = p99WithoutOne(from, to, stuck);
    }
    bench.assertClean(
        "fault 18: heads of %d keys refused %s times, p99 of the others %.0f ms, before %.0f ms"
            .formatted(refusals.size(), refusals.values(), meanwhile, quiet));
    assertThat(refusals).hasSize(3);
    assertThat(refusals.values()).allMatch(times -> times > 3);
    assertThat(bench.hooks.backwards()).isEmpty();
    // 50 ms are what two cores that also run the load make of nothing.
    assertThat(meanwhile).isLessThanOrEqualTo(Math.max(1.2 * quiet, quiet + 50));
  }

  private double p99WithoutOne(long from, long to, String number) {
    return Latencies.p99(
        bench.client.attempts(),
        bench.hooks.firstAt(),
        from,
        to,
        one -> !one.number().equals(number));
  }

  @Test
  void aSecondHubJoinsAndLeavesTwentyTimes() throws Exception {
    start("f14", Map.of());
    try (Load load = Load.start(bench.client, bench.keys.keySet(), SEED, 0, 50);
        HubProcess second = bench.another("second")) {
      for (int i = 0; i < 20; i++) {
        second.start();
        pause(1500);
        if (i % 2 == 0) {
          second.kill();
        } else {
          second.terminate();
        }
      }
    }
    bench.assertClean("fault 14: a second hub joined and left 20 times, half of them killed");
    assertThat(bench.hooks.backwards()).isEmpty();
  }

  @Test
  void aTenantIsDisabledAndEnabledFiftyTimes() throws Exception {
    start("f32", Map.of());
    String tenant = bench.tenant("river");
    bench.client.expectDisabled();
    long latest = 0;
    try (Load load = Load.start(bench.client, bench.keys.keySet(), SEED, 0, 60)) {
      pause(2000);
      for (int i = 0; i < 50; i++) {
        bench.enable(tenant, false);
        long disabled = System.nanoTime();
        pause(1300);
        latest = Math.max(latest, bench.hooks.lastOf(tenant) - disabled);
        bench.enable(tenant, true);
        pause(700);
      }
    }
    bench.assertClean(
        "fault 32: disabled and enabled 50 times, the last delivery %d ms after disabling"
            .formatted(latest / 1_000_000));
    assertThat(latest).isLessThan(Duration.ofSeconds(1).toNanos());
    assertThat(bench.hooks.backwards()).isEmpty();
  }
}
