package dev.cmmshub.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The disks of the broker and of one shard are full for a while. */
@Tag("faults")
class DiskFaultsTest {
  @RegisterExtension static final FaultServers SERVERS = FaultServers.onSmallDisks(64, 256);

  @Test
  void theBrokersDiskIsFull() throws Exception {
    FaultBench bench = SERVERS.start("f10", Map.of());
    SmallDisk disk = SERVERS.kafkaDisk();
    long full;
    long freed;
    Duration restart;
    try (Load load = bench.load(100)) {
      FaultServers.pause(3000);
      disk.fill();
      full = System.nanoTime();
      FaultServers.pause(12_000);
      freed = System.nanoTime();
      disk.free();
      // A broker that lost its only disk ends itself; whoever supervises it starts it again.
      SERVERS.backends().kafka.kill();
      restart = SERVERS.backends().kafka.start();
      FaultServers.pause(3000);
    }
    List<LoadClient.Attempt> meanwhile =
        bench.client.attempts(full, freed - Duration.ofSeconds(6).toNanos());
    long refused = meanwhile.stream().filter(one -> one.status() == 503).count();
    bench.assertClean(
        "fault 10: the broker's disk full for 12 s, %,d of %,d requests got 503; back after %.1f s"
            .formatted(refused, meanwhile.size(), restart.toMillis() / 1e3));
    assertThat(refused).isPositive();
    assertThat(meanwhile)
        .allMatch(one -> one.status() == 503 || one.status() == 202)
        .allMatch(one -> one.nanos() < Duration.ofSeconds(6).toNanos());
    assertThat(bench.receipts.backwards()).isEmpty();
  }

  @Test
  void oneShardsDiskIsFull() throws Exception {
    FaultBench bench = SERVERS.start("f11", Map.of());
    SmallDisk disk = SERVERS.shardDisk();
    long full;
    long freed;
    long toldOfB;
    try (Load load = bench.load(60)) {
      FaultServers.pause(3000);
      disk.fill();
      full = System.nanoTime();
      FaultServers.pause(15_000);
      freed = System.nanoTime();
      toldOfB = bench.hooks.toldBetween(full, freed, bench.tenant("north"));
      disk.free();
      SERVERS.backends().shardA.revive();
      FaultServers.pause(2000);
    }
    long toldOfA =
        bench.hooks.toldBetween(
            full + Duration.ofSeconds(5).toNanos(), freed, bench.tenant("harbor"));
    bench.assertClean(
        "fault 11: shard a's disk full for 15 s, meanwhile %,d events told of shard b, %,d of a"
            .formatted(toldOfB, toldOfA));
    assertThat(toldOfB).isGreaterThan(100);
    assertThat(toldOfA).isZero();
    assertThat(bench.metric("hub_events_total", "step=\"retry\"")).as("attempts burned").isZero();
    assertThat(bench.receipts.backwards()).isEmpty();
  }
}
