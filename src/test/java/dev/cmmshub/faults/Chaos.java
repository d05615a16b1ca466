package dev.cmmshub.faults;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/** Kills, stops and delays what a hub stands on, in an order that a seed repeats. */
final class Chaos {
  /** Something bad that is over when it returns. */
  private interface Mishap {
    void happen(Random random) throws IOException, InterruptedException;
  }

  private final Map<String, Mishap> mishaps = new TreeMap<>();
  private final Map<String, Integer> happened = new TreeMap<>();

  Chaos(FaultBench bench, Backends backends) {
    mishaps.put(
        "hub killed",
        random -> {
          bench.hub.kill();
          bench.hub.start();
        });
    mishaps.put(
        "hub ended",
        random -> {
          bench.hub.terminate();
          bench.hub.start();
        });
    mishaps.put("broker killed", random -> restart(backends.kafka, random));
    mishaps.put("broker stopped", random -> freeze(backends.kafka, random));
    mishaps.put("shard killed", random -> restart(backends.shardA, random));
    mishaps.put("shard stopped", random -> freeze(backends.shardB, random));
    mishaps.put("redis killed", random -> restart(backends.redis, random));
    mishaps.put(
        "receivers down",
        random -> {
          bench.hooks.setDown(true);
          pause(500 + random.nextInt(3000));
          bench.hooks.setDown(false);
        });
    mishaps.put(
        "receivers slow",
        random -> {
          bench.hooks.beforeAnswer(order -> pause(150));
          pause(500 + random.nextInt(3000));
          bench.hooks.beforeAnswer(order -> {});
        });
  }

  /** Lets one mishap after the other happen for so long; what begins before the end is ended. */
  void run(Duration length, long seed) throws IOException, InterruptedException {
    Random random = new Random(seed);
    long begin = System.nanoTime();
    String[] names = mishaps.keySet().toArray(String[]::new);
    while (System.nanoTime() - begin < length.toNanos()) {
      pause(300 + random.nextInt(2000));
      String name = names[random.nextInt(names.length)];
      mishaps.get(name).happen(random);
      happened.merge(name, 1, Integer::sum);
    }
  }

  private static void restart(Backend backend, Random random) throws IOException {
    backend.kill();
    pause(random.nextInt(2000));
    backend.start();
  }

  private static void freeze(Backend backend, Random random)
      throws IOException, InterruptedException {
    backend.signal("STOP");
    pause(500 + random.nextInt(3500));
    backend.signal("CONT");
  }

  private static void pause(int millis) {
    LockSupport.parkNanos(Duration.ofMillis(millis).toNanos());
  }

  /** What happened how often. */
  @Override
  public String toString() {
    return happened.toString();
  }
}
