package dev.cmmshub.embedded;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what another process does. */
final class Await {
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private Await() {}

  static void until(String what, Duration patience, BooleanSupplier reached) {
    long begin = System.nanoTime();
    while (!reached.getAsBoolean()) {
      if (System.nanoTime() - begin > patience.toNanos()) {
        throw new AssertionError("not within " + patience + ": " + what);
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }
}
