package dev.cmmshub.gateway.poll;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * Begins with another clock's time and then goes on by itself: when somebody puts the system's
 * clock right, nothing that is timed by this one comes early or waits.
 */
public final class SteadyClock extends Clock {
  private final Instant began;
  private final long beganNanos = System.nanoTime();

  public SteadyClock(Clock start) {
    this.began = start.instant();
  }

  @Override
  public Instant instant() {
    return began.plus(Duration.ofNanos(System.nanoTime() - beganNanos));
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("only instants are asked for");
  }
}
