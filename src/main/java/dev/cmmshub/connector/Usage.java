package dev.cmmshub.connector;

import java.time.Duration;

/** Calls of one instance: it ends only while there are none, and takes none afterwards. */
final class Usage {
  private int calls;
  private boolean over;
  private long last = System.nanoTime();

  /** Whether the call may begin; if so, {@link #leave} follows it. */
  synchronized boolean enter() {
    if (!over) {
      calls++;
    }
    return !over;
  }

  synchronized void leave() {
    calls--;
    last = System.nanoTime();
  }

  /** Whether it is over now, because it was not called for so long. */
  synchronized boolean endIfIdle(Duration idle) {
    if (!over && calls == 0 && System.nanoTime() - last >= idle.toNanos()) {
      over = true;
      return true;
    }
    return false;
  }
}
