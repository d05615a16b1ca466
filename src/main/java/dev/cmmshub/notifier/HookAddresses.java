package dev.cmmshub.notifier;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.cmmshub.egress.Egress;
import dev.cmmshub.egress.EgressRefusedException;
import dev.cmmshub.egress.EgressTarget;
import dev.cmmshub.message.Daemons;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Finds the address each webhook may be called at, without blocking whoever asks: names are looked
 * up on threads of its own. What was found counts for 10 s.
 */
public final class HookAddresses implements AutoCloseable {
  private static final Duration FRESH = Duration.ofSeconds(10);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
  private static final int MOST = 10_000;
  // Name servers that do not answer hold a thread each; others must not wait for them.
  private static final int THREADS = 32;

  private record Hook(EgressTarget target, String host) {}

  /** One of both; as a failed future the cache would log it with its stack. */
  private record Found(InetAddress address, Exception error) {}

  private final Egress egress;
  private final AsyncCache<Hook, Found> found =
      Caffeine.newBuilder().expireAfterWrite(FRESH).maximumSize(MOST).buildAsync();
  private final ExecutorService threads;

  public HookAddresses(Egress egress) {
    this.egress = egress;
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Daemons.named("webhook-lookup"));
    pool.allowCoreThreadTimeOut(true);
    this.threads = pool;
  }

  /**
   * Fails as {@link Egress#require} does, or with {@link java.util.concurrent.TimeoutException}
   * when name servers do not answer within 5 s.
   */
  CompletionStage<InetAddress> of(EgressTarget target, String host) {
    Hook hook = new Hook(target, host);
    return found
        .get(hook, (missing, executor) -> find(missing))
        .thenApply(answer -> addressOf(hook, answer))
        .orTimeout(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
  }

  private CompletableFuture<Found> find(Hook hook) {
    return egress.looksUp(hook.host())
        ? CompletableFuture.supplyAsync(() -> require(hook), threads)
        : CompletableFuture.completedFuture(require(hook));
  }

  private Found require(Hook hook) {
    try {
      return new Found(egress.require(hook.target(), hook.host()), null);
    } catch (UnknownHostException | EgressRefusedException e) {
      return new Found(null, e);
    }
  }

  /** The next delivery asks again after a failure. */
  private InetAddress addressOf(Hook hook, Found answer) {
    if (answer.error() != null) {
      found.synchronous().invalidate(hook);
      throw new CompletionException(answer.error());
    }
    return answer.address();
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
