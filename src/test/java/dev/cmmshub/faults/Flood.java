package dev.cmmshub.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/** One tenant that sends much, minds no answer, and sends nothing again. */
final class Flood implements AutoCloseable {
  private static final int CONNECTIONS = 32;
  private static final AtomicLong NUMBERS = new AtomicLong();

  private final ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
  private final List<CompletableFuture<Void>> running = new ArrayList<>();
  private final Map<Integer, LongAdder> answers = new ConcurrentHashMap<>();
  private volatile boolean stopped;

  /** Sends about so many events a second, each of another object, until closed. */
  static Flood start(LoadClient client, String tenant, int perSecond) {
    Flood flood = new Flood();
    long pause = 1_000_000_000L * CONNECTIONS / perSecond;
    for (int i = 0; i < CONNECTIONS; i++) {
      flood.running.add(
          CompletableFuture.runAsync(() -> flood.send(client, tenant, pause), flood.threads));
    }
    return flood;
  }

  private void send(LoadClient client, String tenant, long pause) {
    long next = System.nanoTime();
    while (!stopped) {
      long number = NUMBERS.incrementAndGet();
      int status =
          client.offer(
              new WorkOrder(tenant, "F" + number, WorkOrder.FIRST_VERSION + number, false));
      answers.computeIfAbsent(status, s -> new LongAdder()).increment();
      next += pause;
      LockSupport.parkNanos(next - System.nanoTime());
    }
  }

  /** How often each status was answered. */
  Map<Integer, Long> answers() {
    Map<Integer, Long> counts = new TreeMap<>();
    answers.forEach((status, count) -> counts.put(status, count.sum()));
    return counts;
  }

  @Override
  public void close() {
    stopped = true;
    threads.shutdown();
    CompletableFuture.allOf(running.toArray(CompletableFuture[]::new)).join();
  }
}
