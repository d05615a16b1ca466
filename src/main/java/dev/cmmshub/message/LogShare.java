package dev.cmmshub.message;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;
import org.slf4j.spi.NOPLoggingEventBuilder;

/**
 * Gives each tenant {@value #LINES} lines a second, so that none drives the others' lines out of
 * the log. How many were left out stands in one line of the next second in which it has one.
 */
public final class LogShare {
  /** Enough to see what happens, and 5 kB a second at most. */
  static final int LINES = 20;

  private static final class Share {
    private long second;
    private int written;
    private int leftOut;
  }

  private final Logger log;
  private final LongSupplier nanos;
  private final Map<String, Share> shares = new ConcurrentHashMap<>();

  /**
   * @param nanos a clock that is never put back
   */
  public LogShare(Logger log, LongSupplier nanos) {
    this.log = log;
    this.nanos = nanos;
  }

  /** A line of this tenant's; it goes nowhere when the level is off or the share is used up. */
  public LoggingEventBuilder at(Level level, String tenant) {
    if (!log.isEnabledForLevel(level)) {
      return NOPLoggingEventBuilder.singleton();
    }
    int leftOut = take(tenant);
    if (leftOut > 0) {
      LogFields.tenant(log.atWarn(), tenant)
          .log(
              "{} lines of tenant {} were left out: more than {} a second", leftOut, tenant, LINES);
    }
    return leftOut < 0 ? NOPLoggingEventBuilder.singleton() : log.atLevel(level);
  }

  /** How many were left out before; -1 when this one is too. */
  private int take(String tenant) {
    Share share = shares.computeIfAbsent(tenant, name -> new Share());
    long now = TimeUnit.NANOSECONDS.toSeconds(nanos.getAsLong());
    synchronized (share) {
      int before = 0;
      if (share.second != now) {
        before = share.leftOut;
        share.second = now;
        share.written = 0;
        share.leftOut = 0;
      }
      if (share.written == LINES) {
        share.leftOut++;
        return -1;
      }
      share.written++;
      return before;
    }
  }
}
