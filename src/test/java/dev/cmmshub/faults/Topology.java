package dev.cmmshub.faults;

import dev.cmmshub.embedded.EmbeddedAddresses;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Two hubs on three brokers, two shards and a Redis, each in processes of its own on loopback, and
 * a client that knows both hubs. One more tenant is polled.
 */
final class Topology implements AutoCloseable {
  final Backends backends;
  final FaultBench bench;

  final PolledTenant polled;

  /** The first is the bench's own. */
  final List<HubProcess> hubs;

  private Topology(Backends backends, FaultBench bench) throws IOException {
    this.backends = backends;
    this.bench = bench;
    this.polled = new PolledTenant(bench.hub.folder().resolve("tenants.yaml"));
    this.hubs = List.of(bench.hub, bench.another("hub-2"));
    bench.client.alsoAt(hubs.get(1).port());
    bench.hooks.verifyWith(bench.hookSecret());
  }

  /**
   * Starts all and returns when both hubs serve.
   *
   * @param folder there must be nothing in it
   * @param progress gets a line a process
   */
  static Topology start(Path folder, Consumer<String> progress) throws IOException {
    Backends backends = Backends.withThreeBrokers(folder);
    try {
      EmbeddedAddresses servers = backends.start();
      for (Backend server : backends.all()) {
        progress.accept(
            "%s at %s, pid %d".formatted(server.kind(), server.address().get(0), server.pid()));
      }
      FaultBench bench = new FaultBench(servers, folder.resolve("topology"), settings());
      Topology topology = new Topology(backends, bench);
      topology.startHubs(progress);
      return topology;
    } catch (IOException | RuntimeException e) {
      backends.close();
      throw e;
    }
  }

  private static Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>(PolledTenant.SETTINGS);
    settings.put("HUB_NODES", "2");
    settings.put("HUB_TOPIC_REPLICATION", "3");
    settings.put("HUB_TOPIC_PARTITIONS", "6");
    return settings;
  }

  /** Both at once, as they come after a power cut: one of them makes topics and tables. */
  private void startHubs(Consumer<String> progress) {
    CompletableFuture.allOf(
            hubs.stream()
                .map(hub -> CompletableFuture.runAsync(() -> start(hub)))
                .toArray(CompletableFuture[]::new))
        .join();
    for (int i = 0; i < hubs.size(); i++) {
      HubProcess hub = hubs.get(i);
      progress.accept(
          "hub %d at http://127.0.0.1:%d, administration at %d, pid %d"
              .formatted(i + 1, hub.port(), hub.adminPort(), hub.pid()));
    }
  }

  /** Returns how long it took until it serves. */
  static Duration start(HubProcess hub) {
    try {
      return hub.start();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Of two tenants whose shard is another than this one. */
  List<String> tenantsNotOn(Backend shard) {
    List<String> names = shard == backends.shardA ? List.of("north", "river") : List.of("harbor");
    return names.stream().map(bench::tenant).toList();
  }

  @Override
  public void close() throws IOException {
    hubs.get(1).close();
    bench.close();
    polled.close();
    backends.close();
  }
}
