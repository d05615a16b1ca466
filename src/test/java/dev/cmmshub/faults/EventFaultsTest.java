package dev.cmmshub.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is wrong with events themselves, and with those who work on them. */
@Tag("faults")
class EventFaultsTest {
  @RegisterExtension static final FaultServers SERVERS = FaultServers.steady();

  @Test
  void onePoisonInABatchOfFiveHundred() throws Exception {
    FaultBench bench =
        SERVERS.start(
            "f16",
            Map.of(
                "HUB_TOPIC_PARTITIONS", "1",
                "HUB_TRANSFORM_CONSUMERS", "1",
                "HUB_LOG_LEVEL", "debug"));
    String tenant = bench.tenant("north");
    try (HeldInbox held = new HeldInbox(SERVERS.addresses().shards())) {
      // The first waits for its row, and all others behind it.
      bench.client.send(new WorkOrder(tenant, "FIRST", WorkOrder.FIRST_VERSION, false));
      for (int i = 0; i < 500; i++) {
        bench.client.send(new WorkOrder(tenant, "B" + i, WorkOrder.FIRST_VERSION, i == 250));
      }
    }
    Findings findings = bench.oracle.settle(Oracle.QUIET);
    String letters = bench.hub.admin("/admin/v1/dead-letters");
    bench.assertClean(
        "fault 16: 1 poison in 500 (up to %d rows in one transaction)"
            .formatted(HeldInbox.largestTransaction(SERVERS.addresses().shards(), tenant)));
    assertThat(bench.hub.logs())
        .as("searched for secrets")
        .anyMatch(log -> log.endsWith("hub.log"));
    assertThat(findings.count(Fate.APPLIED)).isEqualTo(1 + 499);
    assertThat(findings.count(Fate.DEAD_LETTERED)).isEqualTo(1);
    assertThat(letters)
        .containsOnlyOnce("\"attempt\":")
        .contains("B250", "\"attempt\":1", "\"errorClass\":\"schema\"");
  }

  @Test
  void everyEventThreeTimesShuffled() throws Exception {
    FaultBench bench = SERVERS.start("f17", Map.of());
    Shuffled.send(bench.client, bench.tenant("river"), 100, 3, 3, FaultBench.SEED);
    Findings findings = bench.assertClean("fault 17: 300 events, each three times, shuffled");
    assertThat(bench.ledger.entries()).hasSize(900);
    assertThat(findings.count(Fate.APPLIED) + findings.count(Fate.STALE)).isEqualTo(300);
    assertThat(bench.receipts.backwards()).isEmpty();
    assertThat(bench.receipts.seen().values()).allMatch(times -> times == 1);
  }

  /** Bytes that are no event are refused; events that are none of ours become dead letters. */
  @Test
  void bytesThatAreBrokenInEveryWay() throws Exception {
    FaultBench bench = SERVERS.start("f20", Map.of());
    String tenant = bench.tenant("river");
    byte[] good = new WorkOrder(tenant, "GOOD", WorkOrder.FIRST_VERSION, false).body();
    Random random = new Random(FaultBench.SEED);
    Map<Integer, Integer> answers = new TreeMap<>();
    try (Load load = bench.load(20)) {
      for (int i = 0; i < 200; i++) {
        byte[] cut = Arrays.copyOf(good, random.nextInt(good.length));
        byte[] badUtf8 = good.clone();
        badUtf8[random.nextInt(good.length)] = (byte) (0xf8 | random.nextInt(8));
        for (byte[] body : List.of(cut, badUtf8)) {
          int status =
              bench
                  .hub
                  .post("/v1/events/sap", bench.keys.get(tenant), "application/json", body)
                  .statusCode();
          answers.merge(status, 1, Integer::sum);
        }
      }
      for (int i = 0; i < 50; i++) {
        bench.client.send(new WorkOrder(tenant, "POISON" + i, WorkOrder.FIRST_VERSION, true));
      }
    }
    Findings findings =
        bench.assertClean(
            "fault 20: 200 bodies cut short and 200 with a byte that is no UTF-8 got %s, 50 broke"
                    .formatted(answers)
                + " the schema");
    assertThat(answers).containsOnlyKeys(400);
    assertThat(findings.count(Fate.DEAD_LETTERED)).isEqualTo(50);
  }

  /** Of two operators who do something to one dead letter at the same moment, one does. */
  @Test
  void twoOperatorsAtOnce() throws Exception {
    FaultBench bench = SERVERS.start("f33", Map.of());
    String tenant = bench.tenant("river");
    OperatorRace race = new OperatorRace(bench.hub);
    for (int i = 0; i < 40; i++) {
      bench.client.send(new WorkOrder(tenant, "D" + i, WorkOrder.FIRST_VERSION, true));
    }
    bench.oracle.settle(Duration.ofSeconds(20));
    List<String> ids = bench.ledger.entries().stream().map(Ledger.Entry::id).toList();
    Map<String, Integer> outcomes = new TreeMap<>();
    for (int i = 0; i < ids.size(); i++) {
      WorkOrder mended = new WorkOrder(tenant, "D" + i, WorkOrder.FIRST_VERSION, false);
      outcomes.merge(race.run(i % 5, ids.get(i), mended.body()), 1, Integer::sum);
    }
    Findings findings =
        bench.assertClean("fault 33: two operators on each of 40 dead letters: " + outcomes);
    assertThat(outcomes.keySet()).allMatch(outcome -> outcome.endsWith("[200, 409]"));
    assertThat(findings.count(Fate.DEAD_LETTERED)).isBetween(8, 24);
    assertThat(findings.count(Fate.APPLIED)).isBetween(16, 32);
  }
}
