package dev.cmmshub.faults;

import static dev.cmmshub.TestHub.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cmmshub.embedded.PostgresAddress;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each fault passes the oracle: every accepted event is in exactly one place, applied once. */
@Tag("faults")
class FaultsTest {
  private static final int SEED = 20_260_101;

  private FaultBench bench;

  @BeforeEach
  void start() throws IOException {
    bench = new FaultBench();
    bench.hub.start();
  }

  @AfterEach
  void stop() throws IOException {
    bench.close();
  }

  private static void pause(long millis) {
    LockSupport.parkNanos(Duration.ofMillis(millis).toNanos());
  }

  /** Every applied event reached its tenant's observer, and no other's. */
  private void assertClean(String fault, String figures) throws SQLException, IOException {
    Oracle.Verdict verdict = bench.oracle.settle(bench.ledger.entries());
    List<String> untold = new ArrayList<>();
    boolean told =
        eventually(
            () -> {
              untold.clear();
              bench.ledger.entries().stream()
                  .map(entry -> entry.tenant() + "/" + entry.id())
                  .distinct()
                  .filter(id -> !bench.hooks.seen().containsKey(id))
                  .forEach(untold::add);
              return untold.size() <= verdict.dead() + stale(untold);
            });
    long twice = bench.hooks.seen().values().stream().filter(times -> times > 1).count();
    System.out.printf(
        "%s: %s; %s; %d events told more than once, %d secrets in the log%n",
        fault, figures, verdict, twice, bench.secretsInLog());
    assertThat(verdict.wrong()).isEmpty();
    assertThat(told).as("not told: %s", untold.stream().limit(5).toList()).isTrue();
    assertThat(bench.secretsInLog()).isZero();
  }

  /** An older version that came late is applied to nothing and told to nobody. */
  private long stale(List<String> untold) {
    Map<String, Long> newest = new java.util.HashMap<>();
    bench
        .ledger
        .entries()
        .forEach(
            entry ->
                newest.merge(entry.tenant() + "/" + entry.number(), entry.version(), Math::max));
    return bench.ledger.entries().stream()
        .filter(entry -> untold.contains(entry.tenant() + "/" + entry.id()))
        .filter(entry -> entry.version() < newest.get(entry.tenant() + "/" + entry.number()))
        .map(Ledger.Entry::id)
        .distinct()
        .count();
  }

  @Test
  void fault1KillTwentyTimesUnderLoad() throws Exception {
    Random random = new Random(SEED);
    Thread load = bench.load.run(SEED, 150);
    List<Long> millis = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      pause(500 + random.nextInt(1500));
      bench.hub.kill();
      millis.add(bench.hub.start().toMillis());
    }
    pause(1000);
    bench.load.stop();
    load.join();
    Collections.sort(millis);
    assertThat(millis.get(19)).isLessThan(20_000);
    assertClean(
        "fault 1",
        "20 kills, served again after %.1f to %.1f s (median %.1f)"
            .formatted(millis.get(0) / 1e3, millis.get(19) / 1e3, millis.get(10) / 1e3));
  }

  @Test
  void fault2KillBetweenDatabaseCommitAndOffsetCommit() throws Exception {
    double hits = 0;
    int tries = 0;
    try (Admin admin =
        Admin.create(Map.of("bootstrap.servers", bench.servers.addresses().kafkaBootstrap()))) {
      while (hits == 0 && tries++ < 15) {
        Thread load = bench.load.run(SEED + tries, 2000);
        long before = inboxRows();
        // Rows of a batch are there, its offsets are not committed yet: now.
        while (inboxRows() == before || committed(admin) >= inboxRows()) {
          Thread.onSpinWait();
        }
        bench.hub.kill();
        bench.load.stop();
        load.join();
        bench.hub.start();
        bench.oracle.settle(bench.ledger.entries());
        hits = duplicates();
      }
    }
    assertThat(hits).as("inbox hits after %d kills", tries).isPositive();
    assertClean(
        "fault 2", "%d kills until the window was hit, %.0f inbox hits".formatted(tries, hits));
  }

  private long inboxRows() throws SQLException {
    long rows = 0;
    for (PostgresAddress shard : bench.servers.addresses().shards()) {
      try (Connection connection =
              DriverManager.getConnection(
                  shard.jdbcUrl(), shard.adminUser(), shard.adminPassword());
          Statement statement = connection.createStatement();
          ResultSet found = statement.executeQuery("SELECT count(*) FROM inbox")) {
        found.next();
        rows += found.getLong(1);
      }
    }
    return rows;
  }

  private static long committed(Admin admin) throws Exception {
    return admin
        .listConsumerGroupOffsets("hub-transform")
        .partitionsToOffsetAndMetadata()
        .get()
        .values()
        .stream()
        .mapToLong(offset -> offset == null ? 0 : offset.offset())
        .sum();
  }

  private double duplicates() throws IOException {
    return bench
        .hub
        .admin("/q/metrics")
        .lines()
        .filter(line -> line.startsWith("hub_events_total{") && line.contains("\"duplicate\""))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  @Test
  void fault16OnePoisonAmongFiveHundred() throws Exception {
    for (int i = 0; i < 500; i++) {
      boolean poison = i == 250;
      byte[] body =
          bench.load.body("B" + i, 1_780_000_000_000L + i, poison ? Map.of("no", "text") : "2");
      assertThat(bench.load.post("north", "B" + i, 1_780_000_000_000L + i, body)).isTrue();
    }
    Oracle.Verdict verdict = bench.oracle.settle(bench.ledger.entries());
    assertThat(verdict.applied()).isEqualTo(499);
    assertThat(verdict.dead()).isEqualTo(1);
    String letters = bench.hub.admin("/admin/v1/dead-letters");
    assertThat(letters).contains("B250").contains("\"attempt\":1").contains("\"schema\"");
    assertClean("fault 16", "1 poison among 500");
  }

  @Test
  void fault17EveryEventThreeTimesShuffled() throws Exception {
    List<long[]> events = new ArrayList<>();
    for (int number = 0; number < 100; number++) {
      for (int version = 1; version <= 3; version++) {
        for (int copy = 0; copy < 3; copy++) {
          events.add(new long[] {number, 1_780_000_000_000L + version});
        }
      }
    }
    Collections.shuffle(events, new Random(SEED));
    for (long[] event : events) {
      bench.load.send("river", "S" + event[0], event[1]);
    }
    assertClean("fault 17", "300 events, each three times, shuffled");
    assertThat(bench.hooks.seen().values()).allMatch(times -> times == 1);
  }

  @Test
  void aReceiverThatIsDownForAWhileGetsEverythingAfterwards() throws Exception {
    bench.hooks.setDown(true);
    Thread load = bench.load.run(SEED, 50);
    pause(8000);
    bench.load.stop();
    load.join();
    assertThat(bench.hooks.seen()).isEmpty();
    bench.hooks.setDown(false);
    assertClean("receiver down", "8 s of load against a webhook that answers 503");
  }
}
