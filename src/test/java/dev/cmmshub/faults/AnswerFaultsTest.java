package dev.cmmshub.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cmmshub.SapRequisitions;
import dev.cmmshub.ScriptedErp;
import dev.cmmshub.ScriptedErp.Answer;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What receivers answer, and what comes of it. */
@Tag("faults")
class AnswerFaultsTest {
  @RegisterExtension static final FaultServers SERVERS = FaultServers.steady();

  /** What the tenants' schedule says, in seconds. */
  private static final double[] SCHEDULE = {1, 2, 5};

  /** Due events are looked for twice a second; the rest is what a busy machine takes. */
  private static final double SLACK = 2;

  /** Pauses as the tenants' schedule says, a fifth more or less. */
  static void assertOnSchedule(List<Double> pauses) {
    assertThat(pauses).hasSize(SCHEDULE.length);
    for (int i = 0; i < SCHEDULE.length; i++) {
      assertThat(pauses.get(i)).isBetween(0.8 * SCHEDULE[i], 1.2 * SCHEDULE[i] + SLACK);
    }
  }

  @Test
  void everyAnswerHasItsConsequence() throws Exception {
    FaultBench bench = SERVERS.bench("f27", Map.of());
    try (BadReceiver receiver = new BadReceiver()) {
      List<String> paths = List.of("/failing", "/busy", "/silent", "/moved", "/endless");
      bench.tenants.subscribe(
          bench.tenant("river"), paths.stream().map(receiver::address).toList());
      bench.hub.start();
      bench.client.send(new WorkOrder(bench.tenant("river"), "R1", WorkOrder.FIRST_VERSION, false));
      // Of what is on its way the oracle knows nothing.
      FaultServers.await(() -> receiver.times("/silent") == 2 && receiver.times("/moved") == 4);
      bench.assertClean("fault 27: settled after 500, 429, 307, silence and a body without an end");
      System.out.printf(
          "fault 27: pauses after 500 %s s, 307 %s s, 429 %s s, silence %s s;"
              + " %,d bytes of a body without an end%n",
          receiver.pauses("/failing"),
          receiver.pauses("/moved"),
          receiver.pauses("/busy"),
          receiver.pauses("/silent"),
          receiver.endless());
      assertOnSchedule(receiver.pauses("/failing"));
      assertOnSchedule(receiver.pauses("/moved"));
      assertThat(receiver.times("/elsewhere")).as("a redirect is not followed").isZero();
      assertThat(receiver.pauses("/busy")).hasSize(1).allMatch(s -> s >= 3 && s < 3 + SLACK);
      // 10 s until the hub gives up, then the schedule's first pause.
      assertThat(receiver.pauses("/silent")).hasSize(1).allMatch(s -> s > 10.8 && s < 12.2 + SLACK);
      assertThat(receiver.times("/endless")).isEqualTo(1);
      assertThat(receiver.endless()).isLessThanOrEqualTo(96 << 10);
    }
  }

  @Test
  void aReceiverThatIsGoneIsAskedOnce() throws Exception {
    FaultBench bench = SERVERS.bench("f27-gone", Map.of());
    String tenant = bench.tenant("river");
    try (BadReceiver receiver = new BadReceiver()) {
      bench.tenants.subscribe(tenant, List.of(receiver.address("/gone")));
      bench.hub.start();
      bench.client.send(new WorkOrder(tenant, "G0", WorkOrder.FIRST_VERSION, false));
      FaultServers.await(() -> parkedFor(bench).size() == 1);
      for (int i = 1; i <= 20; i++) {
        bench.client.send(new WorkOrder(tenant, "G" + i, WorkOrder.FIRST_VERSION, false));
      }
      FaultServers.await(() -> parkedFor(bench).size() == 21);
      int asked = receiver.times("/gone");
      receiver.comeBack();
      String id = parkedFor(bench).get(0);
      assertThat(
              bench
                  .hub
                  .operate(
                      "ann",
                      "POST",
                      "/admin/v1/subscriptions/" + tenant + "/" + id + "/enable",
                      "*",
                      new byte[0])
                  .statusCode())
          .isEqualTo(200);
      bench.assertClean(
          "fault 27: a receiver that is gone was asked %d time, 21 events came when it was enabled"
              .formatted(asked));
      assertThat(asked).isEqualTo(1);
      assertThat(receiver.times("/gone")).isEqualTo(1 + 21);
    }
  }

  /** The subscription of each event that waits because its receiver is gone. */
  private static List<String> parkedFor(FaultBench bench) throws SQLException {
    return Shelves.column(
        bench.servers.shards(), "SELECT subscription FROM parked WHERE error_class = 'gone'");
  }

  /** Each requisition is created once, though SAP answers none of the requests that create one. */
  @Test
  void theErpAppliesAndThenTimesOut() throws Exception {
    FaultBench bench = SERVERS.bench("f19", Map.of("ERP_PASSWORD", "erp-3f7a91c2"));
    Set<String> lookups = ConcurrentHashMap.newKeySet();
    SapRequisitions created = new SapRequisitions();
    try (ScriptedErp sap = new ScriptedErp()) {
      sap.answer(
          one -> {
            if (one.forToken()) {
              return new Answer(200, "{}");
            }
            if (SapRequisitions.isLookup(one)) {
              lookups.add(one.path());
              return created.find(one);
            }
            created.create(one);
            return ScriptedErp.SILENCE;
          });
      String tenant = bench.tenant("north");
      bench.tenants.edit(
          tenant,
          "systems: .*",
          """
          systems: {cmms: {connector: cmms-rest, parameters: {baseUrl: "%1$s", apiToken: "{{env:ERP_PASSWORD}}"}}, \
          sap: {connector: sap-s4hana, parameters: {baseUrl: "%1$s", username: u, \
          password: "{{env:ERP_PASSWORD}}", responseTimeout: "700"}}}"""
              .formatted(sap.url()));
      bench.tenants.edit(
          tenant,
          "subscriptions: \\[",
          "subscriptions: [{to: sap, events: [purchasedocument.*]}, ");
      bench.hub.start();
      for (int i = 0; i < 20; i++) {
        bench.client.send(new Requisition(tenant, "PR-" + i, 1));
      }
      FaultServers.await(() -> bench.metric("hub_events_total", "outcome=\"found\"") == 20);
      bench.assertClean("fault 19: SAP applied 20 requisitions and answered none in time");
      System.out.printf(
          "fault 19: %d requisitions in SAP, %d of them looked up%n",
          created.references().size(), lookups.size());
    }
    assertThat(created.references()).hasSize(20);
    assertThat(new HashSet<>(created.references())).hasSize(20);
    assertThat(lookups).hasSize(20);
  }
}
