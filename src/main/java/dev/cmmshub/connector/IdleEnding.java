package dev.cmmshub.connector;

import dev.cmmshub.message.Daemons;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks every half second for instances that nobody needs, and ends them. */
public final class IdleEnding implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(IdleEnding.class);
  private static final int PERIOD_MS = 500;

  private final ScheduledExecutorService ticker = Daemons.ticker("idle-ending");

  /**
   * @param idle how long an instance may be without a call
   * @param instances ends those that were idle for so long, or whose system is another now
   */
  public IdleEnding(Duration idle, Consumer<Duration> instances) {
    ticker.scheduleWithFixedDelay(
        () -> end(idle, instances), PERIOD_MS, PERIOD_MS, TimeUnit.MILLISECONDS);
  }

  private static void end(Duration idle, Consumer<Duration> instances) {
    try {
      instances.accept(idle);
    } catch (RuntimeException e) {
      LOG.warn("Idle instances were not ended: {}", e.toString());
    }
  }

  @Override
  public void close() {
    ticker.shutdownNow();
  }
}
