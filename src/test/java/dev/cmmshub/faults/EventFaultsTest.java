package dev.cmmshub.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
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
}
