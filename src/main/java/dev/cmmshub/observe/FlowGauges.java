package dev.cmmshub.observe;

import dev.cmmshub.message.Daemons;
import dev.cmmshub.observe.WorstFirst.Reading;
import dev.cmmshub.observe.flow.FlowReport;
import dev.cmmshub.observe.flow.SilenceWatch;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
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
  private final WorstFirst bound;
  private final Clock clock;
  private final RowGauge silent;
  private final RowGauge backlog;
  private final ScheduledExecutorService ticker = Daemons.ticker("flow-gauges");

  /**
   * @param most so many tenants are told by name
   */
  public FlowGauges(MeterRegistry registry, SilenceWatch watch, Clock clock, int most) {
    this.watch = watch;
    this.bound = WorstFirst.highest("tenant", most);
    this.clock = clock;
    this.silent = new RowGauge(registry, "hub.flow.silent", "seconds");
    this.backlog = new RowGauge(registry, "hub.flow.backlog", "seconds");
    Gauge.builder("hub.flows", watch, all -> all.all().size()).register(registry);
  }

  /** Measures from now on. */
  public void start() {
    ticker.scheduleWithFixedDelay(this::measure, 2, PERIOD_SECONDS, TimeUnit.SECONDS);
  }

  private void measure() {
    List<Reading> silences = new ArrayList<>();
    List<Reading> waiting = new ArrayList<>();
    Instant now = clock.instant();
    for (FlowReport report : watch.all()) {
      if (report.silent() || report.within().isPresent()) {
        silences.add(reading(report, report.silent() ? age(report.since(), now) : 0));
        waiting.add(reading(report, report.waiting().map(since -> age(since, now)).orElse(0.0)));
      }
    }
    silent.set(bound.rows(silences));
    backlog.set(bound.rows(waiting));
  }

  private static Reading reading(FlowReport report, double value) {
    return new Reading(
        report.flow().tenant(),
        Tags.of("stage", report.flow().stage().text()),
        Tags.of("party", report.flow().party(), "entity", report.flow().entity()),
        value);
  }

  private static double age(Instant since, Instant now) {
    return Duration.between(since, now).toMillis() / 1e3;
  }

  @Override
  public void close() {
    ticker.shutdownNow();
  }
}
