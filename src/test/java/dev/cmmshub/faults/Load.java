package dev.cmmshub.faults;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A seeded stream of changes, several ERP connections at once. Each object belongs to one
 * connection, which sends its versions one after the other and never gives one up.
 */
final class Load implements AutoCloseable {
  private static final int CONNECTIONS = 8;
  private static final int OBJECTS_A_CONNECTION = 25;

  private final ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
  private final List<CompletableFuture<Void>> running = new ArrayList<>();
  private final AtomicLong versions = new AtomicLong(WorkOrder.FIRST_VERSION);
  private volatile boolean stopped;

  /**
   * Sends about so many events a second until closed.
   *
   * @param seed the same order of tenants and objects each time
   */
  static Load start(LoadClient client, Collection<String> tenants, long seed, int perSecond) {
    Load load = new Load();
    List<String> all = List.copyOf(tenants);
    long pause = 1_000_000_000L * CONNECTIONS / perSecond;
    for (int connection = 0; connection < CONNECTIONS; connection++) {
      Random random = new Random(seed + connection);
      String name = "W" + connection + '-';
      load.running.add(
          CompletableFuture.runAsync(
              () -> load.send(client, all, random, name, pause), load.threads));
    }
    return load;
  }

  private void send(
      LoadClient client, List<String> tenants, Random random, String name, long pause) {
    while (!stopped) {
      client.send(
          new WorkOrder(
              tenants.get(random.nextInt(tenants.size())),
              name + random.nextInt(OBJECTS_A_CONNECTION),
              versions.incrementAndGet(),
              false));
      LockSupport.parkNanos(pause);
    }
  }

  /** Waits until what was begun is accepted; fails if a connection failed. */
  @Override
  public void close() {
    stopped = true;
    threads.shutdown();
    CompletableFuture.allOf(running.toArray(CompletableFuture[]::new)).join();
  }
}
