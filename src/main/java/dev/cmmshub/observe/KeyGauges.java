package dev.cmmshub.observe;

import dev.cmmshub.message.Daemons;
import dev.cmmshub.tenant.ApiKey;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.Tenants;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * How many seconds keys still hold, negative when they are over. Only those that end within 30
 * days, or ended within 30 days, are told, so that there are few. Every 5 s.
 */
public final class KeyGauges implements AutoCloseable {
  private static final int PERIOD_SECONDS = 5;
  private static final Duration NEAR = Duration.ofDays(30);

  private final Supplier<Tenants> tenants;
  private final Clock clock;
  private final WorstFirst bound;
  private final RowGauge gauge;
  private final ScheduledExecutorService ticker = Daemons.ticker("key-gauges");

  /**
   * @param most so many tenants are told by name, whose keys end first
   */
  public KeyGauges(MeterRegistry registry, Supplier<Tenants> tenants, Clock clock, int most) {
    this.tenants = tenants;
    this.clock = clock;
    this.bound = WorstFirst.lowest("tenant", most);
    this.gauge = new RowGauge(registry, "hub.key.expires", "seconds");
  }

  /** Measures from now on. */
  public void start() {
    ticker.scheduleWithFixedDelay(this::measure, 0, PERIOD_SECONDS, TimeUnit.SECONDS);
  }

  void measure() {
    Instant now = clock.instant();
    List<WorstFirst.Reading> keys = new ArrayList<>();
    for (Tenant tenant : tenants.get().all()) {
      for (ApiKey key : tenant.keys()) {
        key.expires()
            .map(end -> Duration.between(now, end))
            .filter(left -> left.abs().compareTo(NEAR) < 0)
            .ifPresent(left -> keys.add(reading(tenant, key, left)));
      }
    }
    gauge.set(bound.rows(keys));
  }

  private static WorstFirst.Reading reading(Tenant tenant, ApiKey key, Duration left) {
    return new WorstFirst.Reading(
        tenant.id(), Tags.empty(), Tags.of("key", key.id()), left.toSeconds());
  }

  @Override
  public void close() {
    ticker.shutdownNow();
  }
}
