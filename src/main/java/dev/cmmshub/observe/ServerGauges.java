package dev.cmmshub.observe;

import dev.cmmshub.message.Daemons;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the servers that the hub works with answer it, as its health says. Every 5 s. */
public final class ServerGauges implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServerGauges.class);
  private static final int PERIOD_SECONDS = 5;

  private final Health health;
  private final RowGauge gauge;
  private final ScheduledExecutorService ticker = Daemons.ticker("server-gauges");

  public ServerGauges(MeterRegistry registry, Health health) {
    this.health = health;
    this.gauge = new RowGauge(registry, "hub.server.up");
  }

  /** Measures from now on. */
  public void start() {
    ticker.scheduleWithFixedDelay(this::measure, 0, PERIOD_SECONDS, TimeUnit.SECONDS);
  }

  private void measure() {
    try {
      ask();
    } catch (RuntimeException e) {
      // The next round must come, or what is shown would stand still.
      LOG.warn("The servers could not be asked: {}", e.toString());
    }
  }

  private void ask() {
    Map<Tags, Integer> rows = new HashMap<>();
    health
        .servers()
        .forEach(
            (server, problem) -> rows.put(Tags.of("server", server), problem.isEmpty() ? 1 : 0));
    gauge.set(rows);
  }

  @Override
  public void close() {
    ticker.shutdownNow();
  }
}
