package dev.cmmshub.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.Hub;
import dev.cmmshub.HubSettings;
import dev.cmmshub.connector.Connector;
import dev.cmmshub.connector.ConnectorFolders;
import dev.cmmshub.embedded.LoopbackPorts;
import dev.cmmshub.message.Json;
import dev.cmmshub.observe.access.Admins;
import dev.cmmshub.tenant.TenantsBuilder;
import dev.cmmshub.tenant.TenantsDesk;
import dev.cmmshub.tenant.TenantsWatch;
import dev.cmmshub.tenant.VersionsKept;
import dev.cmmshub.yaml.Watched;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** What many tenants cost: when the hub starts, in memory, and when one of them changes. */
final class TenantsBench {
  private static final int FEW = 10;
  private static final int CHANGES = 20;
  private static final double MILLIS = 1e6;

  private final Path data;
  private final int number;
  private final int rounds;
  private final List<Double> startFew = new ArrayList<>();
  private final List<Double> startMany = new ArrayList<>();
  private final List<Double> bytes = new ArrayList<>();
  private final List<Double> reload = new ArrayList<>();
  private int change;

  TenantsBench(Path data, int number, int rounds) {
    this.data = data;
    this.number = number;
    this.rounds = rounds;
  }

  void run(boolean json) throws Exception {
    Files.createDirectories(data);
    try (BenchServers servers = new BenchServers(data, 2)) {
      for (int round = 0; round < rounds; round++) {
        long few = start(servers, FEW, startFew);
        long many = start(servers, number, startMany);
        bytes.add((many - few) / (double) (number - FEW));
      }
    }
    print(json);
  }

  /** Returns how many bytes are in use afterwards. */
  private long start(BenchServers servers, int tenants, List<Double> seconds) throws Exception {
    Path file = data.resolve("tenants-" + tenants + ".yaml");
    Files.writeString(file, ManyTenants.yaml(tenants, change));
    Map<String, Connector> connectors = new ConnectorFolders().read(Path.of("connectors"));
    TenantsDesk desk =
        new TenantsDesk(
            file,
            TenantsBuilder.dry(Optional.of(Map.of()), ConnectorFolders.kinds(connectors)),
            new VersionsKept(data.resolve("versions")));
    long begin = System.nanoTime();
    try (TenantsWatch watch = new TenantsWatch(file, desk::read);
        Hub hub =
            Hub.start(
                settings(),
                servers.backends(),
                new Hub.Files(watch, desk, Watched.fixed(new Admins(List.of()))),
                connectors,
                List.of())) {
      seconds.add((System.nanoTime() - begin) / MILLIS);
      if (tenants == number) {
        reload(file, watch);
      }
      System.gc();
      System.gc();
      return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
  }

  /** From the moment the file is there until it is in use. */
  private void reload(Path file, TenantsWatch watch) throws IOException {
    for (int i = 0; i < CHANGES; i++) {
      Path next = file.resolveSibling("next");
      Files.writeString(next, ManyTenants.yaml(number, ++change));
      String before = watch.get().version();
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
      long begin = System.nanoTime();
      while (watch.get().version().equals(before)) {
        LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
      }
    }
  }

  private static HubSettings settings() {
    return HubSettings.load(
        Path.of("none"),
        Map.of(),
        Map.of(
            "hub.http.port",
            Integer.toString(LoopbackPorts.free()),
            "hub.http.host",
            "127.0.0.1",
            "hub.admin.port",
            Integer.toString(LoopbackPorts.free()),
            "hub.topic.prefix",
            "bench-tenants"));
  }

  private void print(boolean json) {
    double slowest = reload.stream().max(Double::compare).orElse(0.0);
    if (json) {
      ObjectNode document = Json.mapper().createObjectNode();
      document.put("scenario", "tenants").put("rounds", rounds).put("tenants", number);
      document.put("startMillisOf" + FEW, Math.round(median(startFew)));
      document.put("startMillis", Math.round(median(startMany)));
      document.put("bytesPerTenant", Math.round(median(bytes)));
      document.put("reloadMillis", Math.round(median(reload)));
      document.put("slowestReloadMillis", Math.round(slowest));
      System.out.println(document);
      return;
    }
    System.out.printf(
        Locale.ROOT,
        "%ntenants: medians of %d rounds%n"
            + "  start with %,d tenants %,.0f ms, with %,d %,.0f ms%n"
            + "  %,.0f bytes of heap a tenant%n"
            + "  one of them changed: in use after %,.0f ms (slowest of %d: %,.0f ms)%n",
        rounds,
        FEW,
        median(startFew),
        number,
        median(startMany),
        median(bytes),
        median(reload),
        reload.size(),
        slowest);
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }
}
