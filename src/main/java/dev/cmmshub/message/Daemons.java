package dev.cmmshub.message;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;

/** Threads that never keep the process alive. */
public final class Daemons {
  private Daemons() {}

  /**
   * Makes them.
   *
   * @param name of each, in thread dumps
   */
  public static ThreadFactory named(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }

  /** One that works at its times. */
  public static ScheduledExecutorService ticker(String name) {
    return Executors.newSingleThreadScheduledExecutor(named(name));
  }

  /** So many of them, which end with the process. */
  public static ExecutorService pool(String name, int threads) {
    return Executors.newFixedThreadPool(threads, named(name));
  }
}
