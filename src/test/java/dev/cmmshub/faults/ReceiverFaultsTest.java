package dev.cmmshub.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Receivers that fail, and what must not suffer from it. */
@Tag("faults")
class ReceiverFaultsTest {
  @RegisterExtension static final FaultServers SERVERS = FaultServers.steady();

  @Test
  void aReceiverThatWasDownGetsEverythingAfterwards() throws Exception {
    FaultBench bench = SERVERS.start("f27", Map.of());
    bench.hooks.setDown(true);
    try (Load load = bench.load(50)) {
      FaultServers.pause(5000);
    }
    assertThat(bench.receipts.seen()).isEmpty();
    bench.hooks.setDown(false);
    Findings findings = bench.assertClean("receiver down: 5 s of load against 503");
    assertThat(findings.count(Fate.STALE)).isZero();
    assertThat(bench.receipts.backwards()).isEmpty();
  }

  /** Quiet and disturbed times alternate, and their medians are compared. */
  @Test
  void theHeadOfAKeyFailsThreeTimes() throws Exception {
    FaultBench bench = SERVERS.start("f18", Map.of());
    List<String> stuck = List.of("W0-0", "W1-0", "W2-0");
    Map<String, Integer> refusals = new ConcurrentHashMap<>();
    Set<String> failing = ConcurrentHashMap.newKeySet();
    bench.hooks.refuse(
        order -> {
          String number = order.path("number").asText();
          return failing.contains(number)
              && refusals.merge(order.path("tenantId").asText() + number, 1, Integer::sum) <= 3;
        });
    List<Double> quiet = new ArrayList<>();
    List<Double> meanwhile = new ArrayList<>();
    try (Load load = bench.load(100)) {
      FaultServers.pause(5000);
      for (String number : stuck) {
        long begin = System.nanoTime();
        FaultServers.pause(8000);
        long from = System.nanoTime();
        failing.add(number);
        FaultServers.pause(12_000);
        long to = System.nanoTime();
        quiet.add(p99Without(bench, begin, from, stuck));
        meanwhile.add(p99Without(bench, from, to, stuck));
      }
    }
    bench.assertClean(
        "fault 18: heads of %d keys refused %s times, p99 of the others %s ms, before %s ms"
            .formatted(refusals.size(), refusals.values(), meanwhile, quiet));
    assertThat(refusals).hasSize(9);
    assertThat(refusals.values()).allMatch(times -> times > 3);
    assertThat(bench.receipts.backwards()).isEmpty();
    Latencies.assertNotMuchLonger(meanwhile, quiet, 1.2);
  }

  private static double p99Without(FaultBench bench, long from, long to, List<String> numbers) {
    return Latencies.p99(
        bench.client.attempts(),
        bench.hooks.firstAt(),
        from,
        to,
        one -> !numbers.contains(one.number()));
  }

  @Test
  void aTenantIsDisabledAndEnabledFiftyTimes() throws Exception {
    FaultBench bench = SERVERS.start("f32", Map.of());
    String tenant = bench.tenant("river");
    bench.client.expectDisabled();
    long latest = 0;
    try (Load load = bench.load(60)) {
      FaultServers.pause(2000);
      for (int i = 0; i < 50; i++) {
        bench.tenants.enable(tenant, false);
        long disabled = System.nanoTime();
        FaultServers.pause(1300);
        latest = Math.max(latest, bench.hooks.lastOf(tenant) - disabled);
        bench.tenants.enable(tenant, true);
        FaultServers.pause(700);
      }
    }
    bench.assertClean(
        "fault 32: disabled and enabled 50 times, the last delivery %d ms after disabling"
            .formatted(latest / 1_000_000));
    assertThat(latest).isLessThan(Duration.ofSeconds(1).toNanos());
    assertThat(bench.receipts.backwards()).isEmpty();
  }
}
