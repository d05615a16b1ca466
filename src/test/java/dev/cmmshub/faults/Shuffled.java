package dev.cmmshub.faults;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A sender that has lost count: several versions of each object, several times, in any order. */
final class Shuffled {
  private static final int CONNECTIONS = 4;

  private Shuffled() {}

  /** Returns when all are accepted. */
  static void send(
      LoadClient client, String tenant, int objects, int versions, int times, long seed) {
    List<WorkOrder> orders = new ArrayList<>();
    for (int object = 0; object < objects; object++) {
      for (int version = 0; version < versions; version++) {
        WorkOrder order =
            new WorkOrder(tenant, "S" + object, WorkOrder.FIRST_VERSION + version, false);
        orders.addAll(Collections.nCopies(times, order));
      }
    }
    Collections.shuffle(orders, new Random(seed));
    ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
    try {
      CompletableFuture.allOf(
              orders.stream()
                  .map(order -> CompletableFuture.runAsync(() -> client.send(order), threads))
                  .toArray(CompletableFuture[]::new))
          .join();
    } finally {
      threads.shutdownNow();
    }
  }
}
