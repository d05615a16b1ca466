package dev.cmmshub.observe;

import dev.cmmshub.batch.BulkObserver;
import dev.cmmshub.store.BulkOutcome;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Counts rows of bulk loads by what became of them, and times their chunks. */
public final class BulkMetrics implements BulkObserver {
  private static final String ROWS = "hub_bulk_rows";

  private final MeterRegistry registry;
  private final TenantNames names;
  private final Timer chunks;

  public BulkMetrics(MeterRegistry registry, TenantNames names) {
    this.registry = registry;
    this.names = names;
    this.chunks =
        Timer.builder("hub_bulk_chunk")
            .description("How long the shard takes for a chunk of a bulk load")
            .serviceLevelObjectives(
                Duration.ofMillis(50),
                Duration.ofMillis(100),
                Duration.ofMillis(250),
                Duration.ofSeconds(1),
                Duration.ofSeconds(5))
            .register(registry);
  }

  @Override
  public void written(String tenant, BulkOutcome outcome, long nanos) {
    if (outcome.isRepeated()) {
      return;
    }
    chunks.record(nanos, TimeUnit.NANOSECONDS);
    outcome
        .counts()
        .forEach((what, count) -> count(tenant, what.name().toLowerCase(Locale.ROOT), count));
    count(tenant, "rejected", outcome.rejected());
  }

  private void count(String tenant, String what, int count) {
    if (count > 0) {
      registry.counter(ROWS, "tenant", names.of(tenant), "outcome", what).increment(count);
    }
  }
}
