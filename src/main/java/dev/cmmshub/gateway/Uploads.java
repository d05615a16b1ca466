package dev.cmmshub.gateway;

import dev.cmmshub.message.Daemons;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;

/** The threads of uploads: each has one while it lasts, and no more begin than there are. */
public final class Uploads implements AutoCloseable {
  private final Semaphore free;
  private final ExecutorService threads;

  /**
   * @param most at once
   */
  public Uploads(int most) {
    this.free = new Semaphore(most);
    this.threads = Daemons.pool("upload", most);
  }

  /** Begins one, if there is a thread. */
  boolean begin(Runnable upload) {
    if (!free.tryAcquire()) {
      return false;
    }
    threads.execute(
        () -> {
          try {
            upload.run();
          } finally {
            free.release();
          }
        });
    return true;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
