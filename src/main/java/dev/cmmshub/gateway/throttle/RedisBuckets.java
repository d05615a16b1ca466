package dev.cmmshub.gateway.throttle;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import io.github.bucket4j.distributed.serialization.Mapper;
import io.github.bucket4j.redis.jedis.Bucket4jJedis.JedisBasedProxyManagerBuilder;
import io.github.bucket4j.redis.jedis.RedisApi;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.springframework.data.redis.connection.ReturnType;
import org.springframework.data.redis.core.RedisCallback;
import org.springframework.data.redis.core.StringRedisTemplate;

/** The buckets of all nodes, in Redis, on Redis' own clock. Every call waits for Redis. */
public final class RedisBuckets {
  private static final Duration KEPT = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofMillis(200);

  private final StringRedisTemplate redis;
  private final String prefix;
  private final ProxyManager<byte[]> buckets;
  private volatile long redisNanos;

  /**
   * @param cluster hubs of one topic prefix share their buckets
   */
  public RedisBuckets(StringRedisTemplate redis, String cluster) {
    this.redis = redis;
    this.prefix = cluster + ":throttle:";
    this.buckets =
        new JedisBasedProxyManagerBuilder<>(Mapper.BYTES, new Calls())
            .clientClock(new RedisTime())
            .requestTimeout(PATIENCE)
            .expirationAfterWrite(
                ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(KEPT))
            .build();
  }

  /**
   * Takes over Redis' time: nodes whose clocks differ fill a bucket equally.
   *
   * @throws RuntimeException when Redis does not answer
   */
  void readTime() {
    Long micros =
        Objects.requireNonNull(
            redis.execute(
                (RedisCallback<Long>)
                    connection -> connection.serverCommands().time(TimeUnit.MICROSECONDS)));
    redisNanos = TimeUnit.MICROSECONDS.toNanos(micros) - System.nanoTime();
  }

  /**
   * Takes tokens whether they are there or not.
   *
   * @return what is left, below zero when it is owed
   * @throws RuntimeException when Redis does not answer
   */
  long take(String name, BucketConfiguration configuration, long tokens) {
    return buckets
        .builder()
        .build((prefix + name).getBytes(UTF_8), () -> configuration)
        .asVerbose()
        .consumeIgnoringRateLimits(tokens)
        .getState()
        .getAvailableTokens();
  }

  /** Redis' clock, going on by itself between two readings. */
  private final class RedisTime implements TimeMeter {
    @Override
    public long currentTimeNanos() {
      return redisNanos + System.nanoTime();
    }

    @Override
    public boolean isWallClockBased() {
      return true;
    }
  }

  /** What Bucket4j needs of Redis, by the connections the hub has. */
  private final class Calls implements RedisApi {
    @Override
    public Object eval(byte[] script, int keyCount, byte[]... parameters) {
      return redis.execute(
          (RedisCallback<Object>)
              connection ->
                  connection
                      .scriptingCommands()
                      .eval(script, ReturnType.INTEGER, keyCount, parameters));
    }

    @Override
    public byte[] get(byte[] key) {
      return redis.execute(
          (RedisCallback<byte[]>) connection -> connection.stringCommands().get(key));
    }

    @Override
    public void delete(byte[] key) {
      redis.execute((RedisCallback<Long>) connection -> connection.keyCommands().del(key));
    }
  }
}
