package dev.cmmshub.observe;

import dev.cmmshub.broker.GroupLag;
import dev.cmmshub.broker.Topics;
import dev.cmmshub.message.Daemons;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How far the hub's consumer groups are behind, in records and in seconds. Every 5 s. */
public final class LagGauges implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LagGauges.class);
  private static final int PERIOD_SECONDS = 5;

  private final Map<Tags, GroupLag> groups = new LinkedHashMap<>();
  private final Map<Tags, GroupLag.Lag> measured = new LinkedHashMap<>();
  private final RowGauge records;
  private final RowGauge seconds;
  private final ScheduledExecutorService ticker = Daemons.ticker("lag-gauges");

  public LagGauges(MeterRegistry registry, String brokers, Topics topics, Clock clock) {
    Map.of("transform", topics.inbound(), "notify", topics.canonical(), "retry", topics.error())
        .forEach(
            (step, topic) -> {
              String group = topics.prefix() + '-' + step;
              groups.put(
                  Tags.of("topic", topic, "group", group),
                  new GroupLag(brokers, topic, group, clock));
            });
    this.records = new RowGauge(registry, "hub.lag.records");
    this.seconds = new RowGauge(registry, "hub.lag", "seconds");
  }

  /** Measures from now on. */
  public void start() {
    ticker.scheduleWithFixedDelay(this::measure, 1, PERIOD_SECONDS, TimeUnit.SECONDS);
  }

  private void measure() {
    groups.forEach(
        (tags, group) -> {
          try {
            measured.put(tags, group.measure());
          } catch (RuntimeException e) {
            // The last value stays, and the next round comes; hub_server_up tells that the broker
            // is away.
            LOG.debug("Lag not measured: {}", e.toString());
          }
        });
    Map<Tags, Number> behind = new HashMap<>();
    Map<Tags, Number> old = new HashMap<>();
    measured.forEach(
        (tags, lag) -> {
          behind.put(tags, lag.records());
          old.put(tags, lag.seconds());
        });
    records.set(behind);
    seconds.set(old);
  }

  /** Ends what is being measured first: a consumer is one thread's. */
  @Override
  public void close() {
    groups.values().forEach(GroupLag::wake);
    ticker.execute(() -> groups.values().forEach(GroupLag::close));
    ticker.shutdown();
    try {
      ticker.awaitTermination(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
