package dev.cmmshub.observe;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Shows the tenants of whom most waits in Kafka: 20 of them, so that 10,000 tenants cost nothing.
 */
public final class TenantBacklogGauges implements Consumer<Map<String, Long>> {
  private static final int MOST = 20;

  /** No tenant is called so. */
  private static final String OTHERS = "(others)";

  private final MultiGauge gauges;

  public TenantBacklogGauges(MeterRegistry registry) {
    this.gauges =
        MultiGauge.builder("hub.tenant.backlog")
            .description("Events of a tenant that wait in Kafka, about")
            .register(registry);
  }

  @Override
  public void accept(Map<String, Long> waiting) {
    List<Map.Entry<String, Long>> ranked =
        waiting.entrySet().stream()
            .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
            .toList();
    List<Row<?>> rows = new ArrayList<>();
    long others = 0;
    for (Map.Entry<String, Long> entry : ranked) {
      if (rows.size() < MOST) {
        rows.add(row(entry.getKey(), entry.getValue()));
      } else {
        others += entry.getValue();
      }
    }
    rows.add(row(OTHERS, others));
    gauges.register(rows, true);
  }

  private static Row<?> row(String tenant, long events) {
    return Row.of(Tags.of("tenant", tenant), events);
  }
}
