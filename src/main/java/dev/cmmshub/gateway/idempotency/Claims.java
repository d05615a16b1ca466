package dev.cmmshub.gateway.idempotency;

import dev.cmmshub.store.RedisWatch;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;

/**
 * Keys in Redis: claimed for 20 s, the answer kept for 24 h. Asked by a few threads of its own;
 * whoever waits for them is told nothing after 50 ms, or at once while Redis is away.
 *
 * <p>A value is {@code ?} or {@code =}, the SHA-256 of the request, and the mark of a claim or the
 * answer.
 */
public final class Claims implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMillis(50);

  /** Longer than any request waits for the broker; a node that died holds a key no longer. */
  private static final Duration CLAIMED = Duration.ofSeconds(20);

  private static final Duration KEPT = Duration.ofHours(24);
  private static final int THREADS = 4;
  private static final int WAITING = 256;
  private static final int FINGERPRINT = 64;

  private static final RedisScript<String> CLAIM =
      RedisScript.of(
          """
          local value = redis.call('GET', KEYS[1])
          if not value then
            redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
          end
          return value
          """,
          String.class);
  private static final RedisScript<Long> KEEP =
      RedisScript.of(
          """
          local value = redis.call('GET', KEYS[1])
          if value and value ~= ARGV[1] then
            return 0
          end
          redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
          return 1
          """,
          Long.class);
  private static final RedisScript<Long> RELEASE =
      RedisScript.of(
          """
          if redis.call('GET', KEYS[1]) == ARGV[1] then
            return redis.call('DEL', KEYS[1])
          end
          return 0
          """,
          Long.class);

  private final StringRedisTemplate redis;
  private final RedisWatch watch;
  private final String prefix;
  private final ThreadPoolExecutor threads;

  /**
   * @param cluster hubs of one topic prefix share their keys
   */
  public Claims(StringRedisTemplate redis, RedisWatch watch, String cluster) {
    this.redis = redis;
    this.watch = watch;
    this.prefix = cluster + ":idempotency:";
    AtomicInteger count = new AtomicInteger();
    this.threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            1,
            TimeUnit.MINUTES,
            new ArrayBlockingQueue<>(WAITING),
            task -> {
              Thread thread = new Thread(task, "idempotency-" + count.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * Claims a key, if it is free.
   *
   * @param name of the key, whose it is included
   * @param fingerprint SHA-256 of the request, 64 hexadecimal digits; asked for on another thread
   */
  public CompletableFuture<Found> claim(String name, Supplier<String> fingerprint) {
    CompletableFuture<Found> found = new CompletableFuture<>();
    boolean asked =
        later(
            () -> found.complete(ask(prefix + name, fingerprint.get())),
            () -> found.complete(new Found.Unknown()));
    return asked ? found : CompletableFuture.completedFuture(new Found.Unknown());
  }

  /**
   * What is told of a claim within 50 ms; it may succeed later, and has to be ended all the same.
   */
  public static CompletableFuture<Found> inTime(CompletableFuture<Found> claim) {
    return claim
        .copy()
        .completeOnTimeout(new Found.Unknown(), PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Keeps the answer, or lets the key be used again. For a claim that is still asked for nobody
   * waits, for another one 50 ms.
   *
   * @param answer empty when there is none to be given again
   */
  public CompletableFuture<Void> end(CompletableFuture<Found> claim, Optional<Answer> answer) {
    boolean known = claim.isDone();
    CompletableFuture<Void> ended =
        claim.thenCompose(
            found ->
                found instanceof Found.Claimed claimed
                    ? answer.map(given -> keep(claimed, given)).orElseGet(() -> release(claimed))
                    : CompletableFuture.completedFuture(null));
    return known ? ended : CompletableFuture.completedFuture(null);
  }

  private Found ask(String name, String fingerprint) {
    String mark = '?' + fingerprint + UUID.randomUUID();
    String value = redis.execute(CLAIM, List.of(name), mark, Long.toString(CLAIMED.toMillis()));
    if (value == null) {
      return new Found.Claimed(name, mark);
    }
    if (!value.startsWith(fingerprint, 1)) {
      return new Found.Reused();
    }
    return value.charAt(0) == '='
        ? new Found.Answered(Answer.fromJson(value.substring(1 + FINGERPRINT)))
        : new Found.InFlight();
  }

  private CompletableFuture<Void> keep(Found.Claimed claim, Answer answer) {
    String value = '=' + claim.mark().substring(1, 1 + FINGERPRINT) + answer.toJson();
    return change(KEEP, claim.name(), claim.mark(), value, Long.toString(KEPT.toMillis()));
  }

  private CompletableFuture<Void> release(Found.Claimed claim) {
    return change(RELEASE, claim.name(), claim.mark());
  }

  private CompletableFuture<Void> change(
      RedisScript<Long> script, String name, String... arguments) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    boolean asked =
        later(
            () -> {
              redis.execute(script, List.of(name), (Object[]) arguments);
              done.complete(null);
            },
            () -> done.complete(null));
    return asked
        ? done.completeOnTimeout(null, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        : CompletableFuture.completedFuture(null);
  }

  /** Returns false when Redis is away or too much waits for it. */
  private boolean later(Runnable task, Runnable otherwise) {
    if (watch.isAway()) {
      return false;
    }
    try {
      threads.execute(
          () -> {
            try {
              task.run();
            } catch (DataAccessException e) {
              watch.failed(e);
              otherwise.run();
            } catch (RuntimeException e) {
              otherwise.run();
              throw e;
            }
          });
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
