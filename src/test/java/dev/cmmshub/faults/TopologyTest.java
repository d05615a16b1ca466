package dev.cmmshub.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two hubs, three brokers, two shards and a Redis; one of each is killed under load. The same as
 * {@code src/test/topology/run}, shorter.
 */
@Tag("faults")
class TopologyTest {
  private static final TopologyRun.Plan PLAN = new TopologyRun.Plan(75, FaultBench.SEED, 60);

  @Test
  void oneOfEachIsKilledUnderLoad() throws Exception {
    Path folder = Files.createTempDirectory("cmms-hub-topology");
    try (Topology topology = Topology.start(folder, System.out::println)) {
      TopologyReport report;
      try {
        List<Outage> outages = new TopologyRun(topology, PLAN, System.out::println).run();
        report = TopologyReport.of(topology, PLAN, outages);
      } catch (Exception | AssertionError e) {
        topology.hubs.forEach(hub -> System.out.println(hub.tail()));
        throw e;
      }
      report.lines().forEach(System.out::println);
      assertThat(report.complaints()).isEmpty();
      assertThat(report.outages())
          .extracting(Outage::kind)
          .containsExactlyInAnyOrder("hub", "busiest broker", "controller", "shard", "redis");
      for (Outage outage : report.outages()) {
        // Whatever is dead, events are taken.
        assertThat(report.window(outage.down(), outage.up()).accepted())
            .as(outage.kind())
            .isGreaterThanOrEqualTo(50);
      }
      assertServed(topology, report);
    } finally {
      FaultServers.delete(folder);
    }
  }

  private static void assertServed(Topology topology, TopologyReport report) {
    List<LoadClient.Attempt> refused = new ArrayList<>(report.attempts());
    refused.removeIf(one -> one.status() == 202);
    for (Outage outage : report.outages()) {
      switch (outage.kind()) {
        case "hub" -> assertThat(report.failed(outage)).allMatch(one -> one.status() == 0);
        case "shard" -> {
          assertThat(report.failed(outage)).isEmpty();
          assertOthersTold(topology, report, outage);
        }
        case "redis" -> assertThat(report.failed(outage)).isEmpty();
        default -> {
          assertThat(report.failed(outage)).allMatch(one -> one.status() == 503);
          // A session of 3 s, the choice of another controller, and what a busy machine takes.
          assertThat(report.failedFor(outage)).isLessThan(20);
        }
      }
      refused.removeAll(report.failed(outage));
    }
    assertThat(refused).as("refused while nothing was dead").isEmpty();
  }

  /** What other shards' tenants sent is told while the shard is away. */
  private static void assertOthersTold(Topology topology, TopologyReport report, Outage outage) {
    List<String> others =
        topology.tenantsNotOn(
            outage.name().startsWith("shard a")
                ? topology.backends.shardA
                : topology.backends.shardB);
    List<LoadClient.Attempt> sent =
        report.attempts().stream()
            .filter(one -> one.status() == 202 && others.contains(one.tenant()))
            .filter(one -> one.due() >= outage.down())
            .filter(one -> one.end() < outage.up() - Duration.ofSeconds(3).toNanos())
            .toList();
    assertThat(sent).hasSizeGreaterThan(10);
    assertThat(sent)
        .allMatch(one -> report.arrived().getOrDefault(one.event(), Long.MAX_VALUE) < outage.up());
  }
}
