package dev.cmmshub.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One tenant sends far more than the others. */
@Tag("faults")
class NeighbourFaultsTest {
  @RegisterExtension static final FaultServers SERVERS = FaultServers.steady();

  private static final int ROUNDS = 3;
  private static final int ROUND_MS = 8_000;

  /** The p99 of the others before and during each flood, and of the flood itself, in ms. */
  private record Figures(
      List<Double> quiet, List<Double> meanwhile, List<Double> own, Map<Integer, Long> answers) {}

  /** With limits of the tenant that floods. */
  private static FaultBench start(String name, String limits) throws IOException {
    FaultBench bench = SERVERS.bench(name, Map.of());
    bench.tenants.edit(
        bench.tenant("river"), "enabled: true", "enabled: true\n    limits: {" + limits + "}");
    bench.hub.start();
    return bench;
  }

  private static Figures measure(FaultBench bench, int perSecond) {
    List<String> others = List.of(bench.tenant("harbor"), bench.tenant("north"));
    List<LoadClient.Attempt> flooded = new ArrayList<>();
    List<long[]> quiet = new ArrayList<>();
    List<long[]> loud = new ArrayList<>();
    Map<Integer, Long> answers = new TreeMap<>();
    try (Load load = Load.start(bench.client, others, FaultBench.SEED, 60)) {
      FaultServers.pause(3000);
      for (int round = 0; round < ROUNDS; round++) {
        quiet.add(time());
        try (Flood flood = Flood.start(bench, bench.tenant("river"), perSecond)) {
          loud.add(time());
          flooded.addAll(flood.accepted());
          flood.answers().forEach((status, n) -> answers.merge(status, n, Long::sum));
        }
        FaultServers.pause(2000);
      }
    }
    FaultServers.pause(5000);
    return new Figures(
        p99(bench, bench.client.attempts(), quiet, "harbor", "north"),
        p99(bench, bench.client.attempts(), loud, "harbor", "north"),
        p99(bench, flooded, loud, "river"),
        answers);
  }

  private static List<Double> p99(
      FaultBench bench, List<LoadClient.Attempt> attempts, List<long[]> times, String... tenants) {
    return times.stream().map(time -> bench.p99(attempts, time[0], time[1], tenants)).toList();
  }

  private static long[] time() {
    long begin = System.nanoTime();
    FaultServers.pause(ROUND_MS);
    return new long[] {begin, System.nanoTime()};
  }

  private static long refusedOthers(FaultBench bench) {
    return bench.client.attempts().stream()
        .filter(one -> !one.tenant().equals(bench.tenant("river")) && one.status() != 202)
        .count();
  }

  @Test
  void whoSendsTwentyTimesItsShareHarmsItselfAlone() throws Exception {
    FaultBench bench = start("f31", "requestsPerSecond: 20, burst: 20");
    Figures figures = measure(bench, 400);
    long refused = refusedOthers(bench);
    bench.assertClean(
        String.format(
            "fault 31: a tenant at 20 times its 20 requests a second got %s; p99 of the others"
                + " %s ms, before %s ms; %d of theirs refused",
            figures.answers(), figures.meanwhile(), figures.quiet(), refused));
    assertThat(refused).isZero();
    assertThat(figures.answers().get(429)).isGreaterThan(figures.answers().get(202));
    Latencies.assertNotMuchLonger(figures.meanwhile(), figures.quiet(), 1.5, 150);
  }

  /** All of it is within its requests a second: what waits, waits behind itself. */
  @Test
  void whoSendsMoreThanIsHandledWaitsBehindItselfAlone() throws Exception {
    FaultBench bench = start("f31b", "requestsPerSecond: 100000, burst: 200000, backlog: 500");
    Figures figures = measure(bench, 4000);
    long refused = refusedOthers(bench);
    bench.assertClean(
        String.format(
            "fault 31: a tenant that sends all it can got %s, its p99 %s ms; p99 of the others"
                + " %s ms, before %s ms; %d of theirs refused",
            figures.answers(), figures.own(), figures.meanwhile(), figures.quiet(), refused));
    assertThat(refused).isZero();
    assertThat(figures.answers().keySet()).isSubsetOf(202, 429);
    // Where the hub keeps up, all wait for the same processors.
    assertThat(Latencies.median(figures.meanwhile()))
        .as("the others are not behind it")
        .isLessThan(1.5 * Latencies.median(figures.own()) + 50);
  }
}
