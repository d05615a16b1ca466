package dev.cmmshub.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Mixed load of three tenants while hub, broker, shards, Redis and receivers are killed, stopped
 * and delayed at random. {@code -Dchaos.seed=} repeats a schedule, {@code -Dchaos.runs=} and {@code
 * -Dchaos.seconds=} say how much of the long form.
 */
class ChaosTest {
  /** The short form of every test run. */
  @Test
  void aQuarterOfAMinute() throws Exception {
    run(seed(), Duration.ofSeconds(15));
  }

  /** The long form. */
  @Test
  @Tag("faults")
  void tenMinutes() throws Exception {
    long seed = seed();
    for (int i = 0; i < Integer.getInteger("chaos.runs", 1); i++) {
      run(seed + i, Duration.ofSeconds(Integer.getInteger("chaos.seconds", 600)));
    }
  }

  private static long seed() {
    return Long.getLong("chaos.seed", new Random().nextInt(1_000_000));
  }

  private static void run(long seed, Duration length) throws Exception {
    // Told first: a run that fails or hangs can be repeated.
    System.out.printf("chaos: seed %d, repeat it with -Dchaos.seed=%d%n", seed, seed);
    Path folder = Files.createTempDirectory("cmms-hub-chaos");
    try (Backends backends = new Backends(folder);
        FaultBench bench = new FaultBench(backends.start(), folder.resolve("chaos"), Map.of())) {
      Chaos chaos = new Chaos(bench, backends);
      bench.hub.start();
      try (Load load = Load.start(bench.client, bench.keys.keySet(), seed, 80)) {
        chaos.run(length, seed);
      }
      bench.assertClean("chaos: seed %d, %d s, %s".formatted(seed, length.toSeconds(), chaos));
      assertThat(bench.receipts.backwards()).isEmpty();
    } finally {
      FaultServers.delete(folder);
    }
  }
}
