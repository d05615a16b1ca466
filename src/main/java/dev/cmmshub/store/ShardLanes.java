package dev.cmmshub.store;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Gives each shard a thread of its own for one step, so that a shard that is away holds up nobody
 * else's events. Work of one shard is done one after the other, in the order it came.
 */
public final class ShardLanes implements AutoCloseable {
  private final String step;
  private final Map<String, ShardLane> lanes = new ConcurrentHashMap<>();

  /**
   * @param step names the threads
   */
  public ShardLanes(String step) {
    this.step = step;
  }

  /**
   * Does the work as soon as the shard is there and what came before is done. Waits only while much
   * more than a batch is ahead of it.
   *
   * @param events how many events the work is about
   * @return completed on the shard's thread; exceptionally when the work itself is wrong, or when
   *     the lanes are closed
   */
  public <T> CompletableFuture<T> run(Shard shard, int events, Insistence.Work<T> work) {
    return lanes
        .computeIfAbsent(shard.name(), name -> new ShardLane(name, step + "-" + name))
        .run(events, work);
  }

  /** Ends the threads; work that waits for its shard fails. */
  @Override
  public void close() {
    lanes.values().forEach(lane -> lane.close(Duration.ofSeconds(1)));
  }
}
