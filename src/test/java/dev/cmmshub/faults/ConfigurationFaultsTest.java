package dev.cmmshub.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** tenants.yaml is broken, or rewritten again and again, while events pass. */
@Tag("faults")
class ConfigurationFaultsTest {
  @RegisterExtension static final FaultServers SERVERS = FaultServers.steady();

  @Test
  void aBrokenFileChangesNothingAndIsTold() throws Exception {
    FaultBench bench = SERVERS.start("f29", Map.of());
    String good = bench.tenants.text();
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
    for (int i = 1; i < 60; i++) {
      bomb.append("a" + i + ": &a" + i + " [*a" + (i - 1) + ", *a" + (i - 1) + "]\n");
    }
    Map<String, String> broken =
        Map.of(
            "cut short",
            good.substring(0, good.length() - 40),
            "a key twice",
            good + "  f29-river: {}\n",
            "alias bomb",
            bomb + "tenants: {}\n",
            "no YAML",
            "tenants: [\n",
            "a typing error",
            good.replace("connector:", "conector:"));
    List<String> seen = new ArrayList<>();
    try (Load load = bench.load(50)) {
      FaultServers.pause(2000);
      for (Map.Entry<String, String> one : broken.entrySet()) {
        bench.tenants.put(one.getValue());
        FaultServers.await(() -> bench.metric("hub_tenants_valid") == 0);
        FaultServers.pause(1000);
        bench.tenants.put(good);
        FaultServers.await(() -> bench.metric("hub_tenants_valid") == 1);
        seen.add(one.getKey());
      }
    }
    long refused = bench.client.attempts().stream().filter(one -> one.status() != 202).count();
    bench.assertClean(
        "fault 29: %s each left the last good version in use; %d requests were not accepted"
            .formatted(seen, refused));
    assertThat(refused).isZero();
    assertThat(bench.receipts.backwards()).isEmpty();
  }

  /** The two webhooks of an event are those of one version, whenever that was. */
  @Test
  void eachEventIsHandledUnderOneVersion() throws Exception {
    FaultBench bench = SERVERS.bench("f30", Map.of());
    String tenant = bench.tenant("river");
    try (PairReceiver pair = new PairReceiver()) {
      bench.tenants.subscribe(tenant, List.of(pair.address(0, "a"), pair.address(0, "b")));
      bench.hub.start();
      try (Load load = bench.load(60)) {
        for (int version = 1; version <= 200; version++) {
          bench.tenants.rewrite("/v[0-9]+/", "/v" + version + "/", version % 2 == 0);
          FaultServers.pause(150);
        }
      }
      long refused = bench.client.attempts().stream().filter(one -> one.status() != 202).count();
      Set<Set<String>> mixed =
          pair.told().values().stream()
              .filter(paths -> !isOfOneVersion(paths))
              .collect(Collectors.toSet());
      long versions =
          pair.told().values().stream()
              .flatMap(Set::stream)
              .map(p -> p.split("/")[1])
              .distinct()
              .count();
      bench.assertClean(
          "fault 30: tenants.yaml rewritten 100 times atomically and 100 times in two steps,"
              + " %,d events told under %d versions, %d under more than one; %d not accepted"
                  .formatted(pair.told().size(), versions, mixed.size(), refused));
      assertThat(refused).isZero();
      assertThat(mixed).isEmpty();
      assertThat(versions).isGreaterThan(50);
    }
  }

  /** Toggles, limits and new systems of tenants that nobody of those measured has to do with. */
  @Test
  void changesOfSomeTenantsDoNotDisturbTheOthers() throws Exception {
    FaultBench bench = SERVERS.bench("changes", Map.of());
    StringBuilder others = new StringBuilder(bench.tenants.text());
    for (int i = 0; i < 1000; i++) {
      others.append("  other-").append(i).append(":\n    enabled: true\n    limits: ");
      others.append("{requestsPerSecond: 100}\n    systems: {sap: {connector: sap-s4hana}}\n");
    }
    bench.tenants.put(others.toString());
    bench.hub.start();
    List<Double> quiet = new ArrayList<>();
    List<Double> meanwhile = new ArrayList<>();
    int changes = 0;
    try (Load load = bench.load(100)) {
      FaultServers.pause(15_000);
      for (int round = 0; round < 4; round++) {
        long begin = System.nanoTime();
        FaultServers.pause(8000);
        long first = System.nanoTime();
        for (int i = 0; i < 25; i++) {
          change(bench.tenants, changes++);
          FaultServers.pause(320);
        }
        long last = System.nanoTime();
        quiet.add(bench.p99(begin, first, "harbor", "north", "river"));
        meanwhile.add(bench.p99(first, last, "harbor", "north", "river"));
      }
    }
    long refused = bench.client.attempts().stream().filter(one -> one.status() != 202).count();
    bench.assertClean(
        ("changes: %d of other tenants of 1,003; p99 of those untouched %s ms (median %.1f), without"
                + " %s ms (median %.1f); %d not accepted")
            .formatted(
                changes,
                meanwhile,
                Latencies.median(meanwhile),
                quiet,
                Latencies.median(quiet),
                refused));
    assertThat(refused).isZero();
    Latencies.assertNotMuchLonger(meanwhile, quiet, 2);
  }

  private static void change(TenantsYaml tenants, int number) throws IOException {
    String tenant = "other-" + number * 7;
    switch (number % 3) {
      case 0 -> tenants.enable(tenant, false);
      case 1 ->
          tenants.edit(tenant, "requestsPerSecond: [0-9]+", "requestsPerSecond: " + (1 + number));
      default -> tenants.edit(tenant, "systems: \\{", "systems: {odoo: {connector: odoo}, ");
    }
  }

  private static boolean isOfOneVersion(Set<String> paths) {
    return paths.size() == 2
        && paths.stream().map(path -> path.split("/")[1]).distinct().count() == 1;
  }
}
