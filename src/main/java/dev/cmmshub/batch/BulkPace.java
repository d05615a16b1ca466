package dev.cmmshub.batch;

import dev.cmmshub.tenant.BulkNotice;
import dev.cmmshub.tenant.Tenant;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;

/**
 * Keeps bulk loads from delaying live events: while there are any, the lane works for a part of the
 * time only, one chunk after the other, and rests for the other; and of a tenant whose observers
 * are told of each row, it writes only while few of its events wait for them.
 */
public final class BulkPace {
  private static final long LIVE_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long LOOK_NANOS = Duration.ofMillis(20).toNanos();
  private static final int MOST_UNTOLD = 1_000;
  private static final long LONGEST_NANOS = Duration.ofSeconds(30).toNanos();

  /** A shard that is away holds up chunks of the others no longer. */
  private static final long LONGEST_TURN_MILLIS = 500;

  /** What is done with a chunk. */
  @FunctionalInterface
  interface Work<T, E extends Exception> {
    T run() throws E;
  }

  private final Semaphore turn = new Semaphore(1, true);
  private final double share;
  private final ToLongFunction<String> backlog;
  private volatile long live = System.nanoTime() - LIVE_NANOS;

  /**
   * @param percent of the time in which the lane works while there are live events
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

  /**
   * Works on a chunk: at once, or while there are live events in its turn, with a rest after it.
   */
  <T, E extends Exception> T work(Work<T, E> work) throws E {
    if (System.nanoTime() - live >= LIVE_NANOS) {
      return work.run();
    }
    boolean isItsTurn = takeTurn();
    long begin = System.nanoTime();
    try {
      return work.run();
    } finally {
      pause((long) ((System.nanoTime() - begin) * (1 / share - 1)));
      if (isItsTurn) {
        turn.release();
      }
    }
  }

  private boolean takeTurn() {
    try {
      return turn.tryAcquire(LONGEST_TURN_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static void pause(long nanos) {
    if (!Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(nanos);
    }
  }
}
