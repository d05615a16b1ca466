package dev.cmmshub.batch;

import dev.cmmshub.tenant.BulkNotice;
import dev.cmmshub.tenant.Tenant;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;

/**
 * Keeps bulk loads from delaying live events: while there are any, the lane writes for a part of
 * the time only, and rests for the other; and of a tenant whose observers are told of each row, it
 * writes only while few of its events wait for them.
 */
public final class BulkPace {
  private static final long LIVE_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long LOOK_NANOS = Duration.ofMillis(20).toNanos();
  private static final int MOST_UNTOLD = 1_000;
  private static final long LONGEST_NANOS = Duration.ofSeconds(30).toNanos();

  private final double share;
  private final ToLongFunction<String> backlog;
  private volatile long live = System.nanoTime() - LIVE_NANOS;

  /**
   * @param percent of the time in which the lane writes while there are live events
   * @param backlog how many events of a tenant wait
   */
  public BulkPace(int percent, ToLongFunction<String> backlog) {
    this.share = Math.min(100, Math.max(1, percent)) / 100.0;
    this.backlog = backlog;
  }

  /** A live event has come. */
  public void live() {
    live = System.nanoTime();
  }

  /** Before a chunk; not for ever, since what waits for an observer may wait for days. */
  void await(Tenant owner) {
    if (owner.subscriptions().stream().noneMatch(to -> to.bulk() == BulkNotice.EACH)) {
      return;
    }
    long until = System.nanoTime() + LONGEST_NANOS;
    while (backlog.applyAsLong(owner.id()) > MOST_UNTOLD && System.nanoTime() < until) {
      pause(LOOK_NANOS);
    }
  }

  /** After a chunk. */
  void worked(long nanos) {
    if (System.nanoTime() - live < LIVE_NANOS) {
      pause((long) (nanos * (1 / share - 1)));
    }
  }

  private static void pause(long nanos) {
    if (!Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(nanos);
    }
  }
}
