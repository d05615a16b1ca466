package dev.cmmshub.store;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;

/** Work of one step on one shard, one after the other. */
final class ShardLane {
  /**
   * Enough to keep the shard busy while the next batch is being made, and no more: here nobody has
   * a turn of his own.
   */
  private static final int MOST_WAITING = 1_000;

  /** What a step keeps in memory for a shard that is away before it stands still for all. */
  private static final int MOST_WHILE_AWAY = 20_000;

  private static final long AWAY_AFTER_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long LOOK_MS = 50;

  private record Task<T>(int events, Insistence.Work<T> work, CompletableFuture<T> done) {}

  private final String shard;
  private final int mostWhileAway;
  private final Deque<Task<?>> tasks = new ArrayDeque<>();
  private final Thread thread;
  private int waiting;
  private long since;
  private boolean closed;

  /**
   * @param name of the thread
   * @param sharedBy how many lanes the step has on this shard
   */
  ShardLane(String shard, String name, int sharedBy) {
    this.shard = shard;
    this.mostWhileAway = MOST_WHILE_AWAY / sharedBy;
    this.thread = new Thread(this::work, name);
    thread.setDaemon(true);
    thread.start();
  }

  synchronized <T> CompletableFuture<T> run(int events, Insistence.Work<T> work) {
    Task<T> task = new Task<>(events, work, new CompletableFuture<>());
    try {
      while (!closed && waiting > 0 && waiting + events > most()) {
        wait(LOOK_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      task.done().completeExceptionally(e);
      return task.done();
    }
    if (closed) {
      task.done().completeExceptionally(stopped());
      return task.done();
    }
    tasks.add(task);
    waiting += events;
    notifyAll();
    return task.done();
  }

  private int most() {
    return since != 0 && System.nanoTime() - since > AWAY_AFTER_NANOS
        ? mostWhileAway
        : MOST_WAITING;
  }

  private void work() {
    try {
      while (true) {
        Task<?> task = next();
        run(task);
        done(task);
      }
    } catch (InterruptedException e) {
      fail();
    }
  }

  private synchronized Task<?> next() throws InterruptedException {
    while (tasks.isEmpty()) {
      wait();
    }
    since = System.nanoTime();
    return tasks.poll();
  }

  private synchronized void done(Task<?> task) {
    since = 0;
    waiting -= task.events();
    notifyAll();
  }

  private <T> void run(Task<T> task) throws InterruptedException {
    T result;
    try {
      result = Insistence.insist(shard, task.work());
    } catch (SQLException | RuntimeException e) {
      task.done().completeExceptionally(e);
      if (isClosed()) {
        throw new InterruptedException();
      }
      return;
    }
    task.done().complete(result);
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private synchronized void fail() {
    tasks.forEach(task -> task.done().completeExceptionally(stopped()));
    tasks.clear();
  }

  private IllegalStateException stopped() {
    return new IllegalStateException("stopped while waiting for shard " + shard);
  }

  /** Lets the work under way end. */
  void close(Duration patience) {
    synchronized (this) {
      closed = true;
      notifyAll();
      if (tasks.isEmpty() && since == 0) {
        thread.interrupt();
        return;
      }
    }
    try {
      thread.join(patience.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    thread.interrupt();
  }
}
