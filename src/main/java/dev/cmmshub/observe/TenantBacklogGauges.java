package dev.cmmshub.observe;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Shows the tenants of whom most waits in Kafka: 20 of them, so that 10,000 tenants cost nothing.
 */
public final class TenantBacklogGauges implements Consumer<Map<String, Long>> {
  private static final int MOST = 20;

  private final MultiGauge gauges;

  public TenantBacklogGauges(MeterRegistry registry) {
    this.gauges =
        MultiGauge.builder("hub.tenant.backlog")
            .description("Events of a tenant that wait in Kafka, about")
            .register(registry);
  }

  @Override
  public void accept(Map<String, Long> waiting) {
    List<Row<?>> rows =
        waiting.entrySet().stream()
            .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
            .limit(MOST)
            .<Row<?>>map(entry -> Row.of(Tags.of("tenant", entry.getKey()), entry.getValue()))
            .toList();
    gauges.register(rows, true);
  }
}
