package dev.cmmshub.observe;

import dev.cmmshub.batch.schedule.BatchDesk;
import dev.cmmshub.batch.schedule.BatchDesk.Report;
import dev.cmmshub.batch.schedule.RunObserver;
import dev.cmmshub.message.Daemons;
import dev.cmmshub.observe.WorstFirst.Reading;
import dev.cmmshub.store.BatchRun;
import dev.cmmshub.store.BatchRun.State;
import dev.cmmshub.store.BatchRunRows.Latest;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How runs of loads end, when each ended well last, and since when one should have. Every 15 s;
 * while a shard is away the gauges stay as they were.
 */
public final class BatchMetrics implements RunObserver, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BatchMetrics.class);
  private static final int PERIOD_SECONDS = 15;

  private final MeterRegistry registry;
  private final BatchDesk desk;
  private final TenantNames names;
  private final Clock clock;
  private final RowGauge success;
  private final RowGauge overdue;
  private final ScheduledExecutorService ticker = Daemons.ticker("batch-gauges");

  public BatchMetrics(MeterRegistry registry, BatchDesk desk, TenantNames names, Clock clock) {
    this.registry = registry;
    this.desk = desk;
    this.names = names;
    this.clock = clock;
    this.success = new RowGauge(registry, "hub.batch.last.success.timestamp", "seconds");
    this.overdue = new RowGauge(registry, "hub.batch.overdue", "seconds");
  }

  /** Measures from now on. */
  public void start() {
    ticker.scheduleWithFixedDelay(this::measure, 2, PERIOD_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void ended(BatchRun run, State state) {
    counter(run.tenant(), run.definition(), state).increment();
  }

  private Counter counter(String tenant, String definition, State state) {
    return registry.counter(
        "hub.batch.runs",
        "tenant",
        names.of(tenant),
        "definition",
        names.of(tenant, definition),
        "outcome",
        state.text());
  }

  private void measure() {
    try {
      show(desk.all());
    } catch (SQLException | RuntimeException e) {
      LOG.debug("Loads are not measured now: {}", e.getMessage());
    }
  }

  private void show(List<Report> all) {
    Instant now = clock.instant();
    List<Reading> successes = new ArrayList<>();
    List<Reading> late = new ArrayList<>();
    for (Report one : all) {
      String tenant = one.tenant().id();
      String definition = one.definition().id();
      // From its first day at zero, so that the first failure is seen to be one more.
      counter(tenant, definition, State.DONE);
      counter(tenant, definition, State.FAILED);
      Tags own = Tags.of("definition", definition);
      double ended =
          one.latest().flatMap(Latest::doneAt).map(at -> at.toEpochMilli() / 1e3).orElse(0.0);
      successes.add(new Reading(tenant, Tags.empty(), own, ended));
      late.add(new Reading(tenant, Tags.empty(), own, late(one, now)));
    }
    success.set(WorstFirst.lowest("tenant", names.most()).rows(successes));
    overdue.set(WorstFirst.highest("tenant", names.most()).rows(late));
  }

  /** For how long the first time has passed that has not ended well; of those that begin here. */
  private static double late(Report one, Instant now) {
    if (one.next().isEmpty() || one.latest().isEmpty()) {
      return 0;
    }
    Latest latest = one.latest().get();
    return one.definition()
        .schedule()
        .next(latest.settled().orElse(latest.first()))
        .filter(now::isAfter)
        .map(since -> Duration.between(since, now).toMillis() / 1e3)
        .orElse(0.0);
  }

  @Override
  public void close() {
    ticker.shutdownNow();
  }
}
