package dev.cmmshub.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The wall clock of the hub's machine is put forward and back by an hour. */
@Tag("faults")
class ClockFaultsTest {
  @RegisterExtension static final FaultServers SERVERS = FaultServers.steady();

  private static void send(FaultBench bench, String name, int count) {
    for (int i = 0; i < count; i++) {
      bench.client.send(
          new WorkOrder(bench.tenant("north"), name + i, WorkOrder.FIRST_VERSION, false));
    }
  }

  @Test
  void pausesStayAndSignaturesAreRefused(@TempDir Path folder) throws Exception {
    FakeClock clock = new FakeClock(folder.resolve("clock"));
    FaultBench bench = SERVERS.bench("f12", new HashMap<>(clock.environment()));
    bench.hooks.verifyWith(bench.hookSecret());
    try (BadReceiver failing = new BadReceiver()) {
      bench.tenants.subscribe(bench.tenant("river"), List.of(failing.address("/failing")));
      bench.hub.start();
      send(bench, "TRUE", 20);
      FaultServers.await(() -> bench.receipts.seen().size() == 20);
      int before = bench.hooks.unsigned();

      bench.client.send(new WorkOrder(bench.tenant("river"), "R", WorkOrder.FIRST_VERSION, false));
      FaultServers.await(() -> failing.times("/failing") == 1);
      clock.set(Duration.ofHours(1));
      send(bench, "AHEAD", 20);
      FaultServers.await(() -> failing.times("/failing") == 3);
      clock.set(Duration.ofHours(-1));
      send(bench, "BEHIND", 20);
      FaultServers.await(() -> failing.times("/failing") == 4);
      FaultServers.await(() -> bench.hooks.unsigned() >= 40);
      clock.set(Duration.ZERO);
      int refused = bench.hooks.unsigned();

      HttpResponse<String> replayed =
          bench.hub.operate(
              "ann",
              "POST",
              "/admin/v1/dead-letters/replay?errorClass=status&confirm=true",
              "*",
              new byte[0]);
      assertThat(replayed.statusCode()).as(replayed.body()).isEqualTo(200);
      Findings findings =
          bench.assertClean(
              "fault 12: clock put forward and back by an hour, pauses %s s, %d signatures refused"
                  .formatted(failing.pauses("/failing"), refused));
      assertThat(before).isZero();
      assertThat(refused).isGreaterThanOrEqualTo(40);
      AnswerFaultsTest.assertOnSchedule(failing.pauses("/failing"));
      assertThat(findings.count(Fate.APPLIED)).isEqualTo(61);
    }
  }
}
