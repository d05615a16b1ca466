package dev.cmmshub.observe;

import dev.cmmshub.message.Daemons;
import dev.cmmshub.observe.flow.FlowReport;
import dev.cmmshub.observe.flow.SilenceWatch;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * For how long flows have been silent that should not be, and their backlog. Every 5 s. A flow that
 * {@code tenants.yaml} names is always there; of the others only silent ones are, so that ten
 * thousand tenants do not make a hundred thousand series.
 */
public final class FlowGauges implements AutoCloseable {
  private static final int PERIOD_SECONDS = 5;

  private final SilenceWatch watch;
  private final Clock clock;
  private final MultiGauge silent;
  private final MultiGauge backlog;
  private final ScheduledExecutorService ticker = Daemons.ticker("flow-gauges");

  public FlowGauges(MeterRegistry registry, SilenceWatch watch, Clock clock) {
    this.watch = watch;
    this.clock = clock;
    this.silent = MultiGauge.builder("hub.flow.silent").baseUnit("seconds").register(registry);
    this.backlog = MultiGauge.builder("hub.flow.backlog").baseUnit("seconds").register(registry);
    Gauge.builder("hub.flows", watch, all -> all.all().size()).register(registry);
  }

  /** Measures from now on. */
  public void start() {
    ticker.scheduleWithFixedDelay(this::measure, 2, PERIOD_SECONDS, TimeUnit.SECONDS);
  }

  private void measure() {
    List<MultiGauge.Row<?>> silences = new ArrayList<>();
    List<MultiGauge.Row<?>> waiting = new ArrayList<>();
    Instant now = clock.instant();
    for (FlowReport report : watch.all()) {
      if (!report.silent() && report.within().isEmpty()) {
        continue;
      }
      Tags tags =
          Tags.of(
              "tenant", report.flow().tenant(),
              "stage", report.flow().stage().text(),
              "party", report.flow().party(),
              "entity", report.flow().entity());
      silences.add(MultiGauge.Row.of(tags, report.silent() ? age(report.since(), now) : 0));
      waiting.add(
          MultiGauge.Row.of(tags, report.waiting().map(since -> age(since, now)).orElse(0.0)));
    }
    silent.register(silences, true);
    backlog.register(waiting, true);
  }

  private static double age(Instant since, Instant now) {
    return Duration.between(since, now).toMillis() / 1e3;
  }

  @Override
  public void close() {
    ticker.shutdownNow();
  }
}
