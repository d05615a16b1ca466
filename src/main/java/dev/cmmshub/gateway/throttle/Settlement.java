package dev.cmmshub.gateway.throttle;

import dev.cmmshub.message.Daemons;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Settles this node's buckets with Redis ten times a second, on a thread of its own. When Redis
 * does not answer twice in a row, each bucket goes on with this node's share until it does.
 */
public final class Settlement implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Settlement.class);
  private static final int PERIOD_MS = 100;
  private static final int MOST_FAILURES = 2;

  private final Limiter limiter;
  private final RedisBuckets redis;
  private final int nodes;
  private final ThrottleObserver observer;
  private final ScheduledExecutorService ticker = Daemons.ticker("throttle-settlement");
  private final long begin = System.nanoTime();
  private long second;
  private int failures;

  /**
   * Begins at once.
   *
   * @param nodes how many processes serve the same tenants
   */
  public Settlement(Limiter limiter, RedisBuckets redis, int nodes, ThrottleObserver observer) {
    if (nodes < 1) {
      throw new IllegalArgumentException(
          "hub.nodes: " + nodes + ": expected how many processes of the hub there are, 1 or more");
    }
    this.limiter = limiter;
    this.redis = redis;
    this.nodes = nodes;
    this.observer = observer;
    ticker.scheduleWithFixedDelay(this::round, PERIOD_MS, PERIOD_MS, TimeUnit.MILLISECONDS);
  }

  private void round() {
    long second = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin);
    if (second != this.second) {
      this.second = second;
      limiter.endSecond(second);
    }
    try {
      redis.readTime();
      limiter.buckets().forEach(bucket -> bucket.settle(redis, nodes));
      if (failures >= MOST_FAILURES) {
        LOG.info("Redis answers again: the nodes share their limits");
        observer.alone(false);
      }
      failures = 0;
    } catch (RuntimeException e) {
      failures++;
      if (failures == MOST_FAILURES) {
        LOG.warn(
            "Redis does not answer: this node limits each tenant to 1/{} of its limits until it"
                + " does: {}",
            nodes,
            e.getMessage());
        observer.alone(true);
      }
      if (failures >= MOST_FAILURES) {
        limiter.buckets().forEach(bucket -> bucket.limitAlone(nodes));
      }
    }
  }

  @Override
  public void close() {
    ticker.shutdownNow();
  }
}
