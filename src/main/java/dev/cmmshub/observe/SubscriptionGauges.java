package dev.cmmshub.observe;

import dev.cmmshub.message.Daemons;
import dev.cmmshub.store.GoneSubscriptions;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.Tenants;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** How many webhooks of each tenant are gone, as this node knows it. Every 5 s. */
public final class SubscriptionGauges implements AutoCloseable {
  private static final int PERIOD_SECONDS = 5;

  private final Supplier<Tenants> tenants;
  private final GoneSubscriptions gone;
  private final WorstFirst bound;
  private final RowGauge gauge;
  private final ScheduledExecutorService ticker = Daemons.ticker("subscription-gauges");

  /**
   * @param most so many tenants are told by name
   */
  public SubscriptionGauges(
      MeterRegistry registry, Supplier<Tenants> tenants, GoneSubscriptions gone, int most) {
    this.tenants = tenants;
    this.gone = gone;
    this.bound = WorstFirst.summed("tenant", most);
    this.gauge = new RowGauge(registry, "hub.subscriptions.gone");
  }

  /** Measures from now on. */
  public void start() {
    ticker.scheduleWithFixedDelay(this::measure, 0, PERIOD_SECONDS, TimeUnit.SECONDS);
  }

  private void measure() {
    List<WorstFirst.Reading> counts = new ArrayList<>();
    for (Tenant tenant : tenants.get().all()) {
      counts.add(new WorstFirst.Reading(tenant.id(), Tags.empty(), gone.count(tenant)));
    }
    gauge.set(bound.rows(counts));
  }

  @Override
  public void close() {
    ticker.shutdownNow();
  }
}
