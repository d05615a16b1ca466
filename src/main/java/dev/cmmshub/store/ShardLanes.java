package dev.cmmshub.store;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Gives each shard threads of its own for one step, so that a shard that is away holds up nobody
 * else's events. What one thread hands in for one shard is done one after the other, in the order
 * it came: a consumer's partitions keep their order, and consumers do not wait for each other.
 */
public final class ShardLanes implements AutoCloseable {
  /** More connections at once would not make a shard faster, and its pool has ten. */
  private static final int MOST_A_SHARD = 4;

  private record Place(String shard, int number) {}

  private final String step;
  private final int perShard;
  private final AtomicInteger threads = new AtomicInteger();
  private final ThreadLocal<Integer> number;
  private final Map<Place, ShardLane> lanes = new ConcurrentHashMap<>();

  /**
   * @param step names the threads
   * @param consumers how many threads hand work in; as many work on one shard at once, up to 4
   */
  public ShardLanes(String step, int consumers) {
    this.step = step;
    this.perShard = Math.max(1, Math.min(consumers, MOST_A_SHARD));
    this.number = ThreadLocal.withInitial(() -> Math.floorMod(threads.getAndIncrement(), perShard));
  }

  /**
   * Does the work as soon as the shard is there and what came before from this thread is done.
   * Waits only while much more than a batch is ahead of it.
   *
   * @param events how many events the work is about
   * @return completed on the shard's thread; exceptionally when the work itself is wrong, or when
   *     the lanes are closed
   */
  public <T> CompletableFuture<T> run(Shard shard, int events, Insistence.Work<T> work) {
    return lanes
        .computeIfAbsent(new Place(shard.name(), number.get()), this::open)
        .run(events, work);
  }

  private ShardLane open(Place place) {
    return new ShardLane(
        place.shard(), step + "-" + place.shard() + "-" + place.number(), perShard);
  }

  /** Ends the threads; work that waits for its shard fails. */
  @Override
  public void close() {
    lanes.values().forEach(lane -> lane.close(Duration.ofSeconds(1)));
  }
}
