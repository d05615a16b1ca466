package dev.cmmshub.store;

import dev.cmmshub.message.Daemons;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnectionCommands;
import org.springframework.data.redis.core.RedisCallback;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * Knows whether Redis answers. After a call that failed nobody waits for it any more; a thread asks
 * twice a second whether it is back.
 */
public final class RedisWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RedisWatch.class);
  private static final int PERIOD_MS = 500;

  private final StringRedisTemplate redis;
  private final ScheduledExecutorService ticker = Daemons.ticker("redis-watch");
  private volatile boolean away;

  public RedisWatch(StringRedisTemplate redis) {
    this.redis = redis;
    ticker.scheduleWithFixedDelay(this::look, PERIOD_MS, PERIOD_MS, TimeUnit.MILLISECONDS);
  }

  /** Whether nobody should ask it now. */
  public boolean isAway() {
    return away;
  }

  /** A call was not answered in time. */
  public void failed(DataAccessException error) {
    if (!away) {
      away = true;
      LOG.warn(
          "Redis does not answer: objects are read from the shards until it does, and those that"
              + " change meanwhile may read old for a minute after; a repeated Idempotency-Key is not"
              + " answered from memory ({})",
          error.getMessage());
    }
  }

  private void look() {
    if (away) {
      try {
        redis.execute((RedisCallback<String>) RedisConnectionCommands::ping);
        away = false;
        LOG.info("Redis answers again");
      } catch (DataAccessException e) {
        LOG.debug("Redis is still away: {}", e.toString());
      }
    }
  }

  @Override
  public void close() {
    ticker.shutdownNow();
  }
}
