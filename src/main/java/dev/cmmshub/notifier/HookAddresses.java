package dev.cmmshub.notifier;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.cmmshub.egress.Egress;
import dev.cmmshub.egress.EgressTarget;
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
  private static final int MOST = 10_000;
  // Name servers that do not answer hold a thread each; others must not wait for them.
  private static final int THREADS = 32;

  private record Hook(EgressTarget target, String host) {}

  private final Egress egress;
  private final AsyncCache<Hook, InetAddress> found =
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
            task -> {
              Thread thread = new Thread(task, "webhook-lookup");
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    this.threads = pool;
  }

  /** Fails as {@link Egress#require} does. */
  CompletionStage<InetAddress> of(EgressTarget target, String host) {
    return found.get(new Hook(target, host), (hook, executor) -> find(hook));
  }

  private CompletableFuture<InetAddress> find(Hook hook) {
    return egress.looksUp(hook.host())
        ? CompletableFuture.supplyAsync(() -> require(hook), threads)
        : CompletableFuture.completedFuture(hook).thenApply(this::require);
  }

  private InetAddress require(Hook hook) {
    try {
      return egress.require(hook.target(), hook.host());
    } catch (UnknownHostException e) {
      throw new CompletionException(e);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
