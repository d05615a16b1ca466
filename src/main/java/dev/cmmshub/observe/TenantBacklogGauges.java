package dev.cmmshub.observe;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Shows the tenants of whom most waits in Kafka: 20 of them, so that 10,000 tenants cost nothing.
 */
public final class TenantBacklogGauges implements Consumer<Map<String, Long>> {
  private static final int MOST = 20;

  private final RowGauge gauges;

  public TenantBacklogGauges(MeterRegistry registry) {
    this.gauges = new RowGauge(registry, "hub.tenant.backlog");
  }

  @Override
  public void accept(Map<String, Long> waiting) {
    List<Map.Entry<String, Long>> ranked =
        waiting.entrySet().stream()
            .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
            .toList();
    Map<Tags, Long> rows = new HashMap<>();
    long others = 0;
    for (Map.Entry<String, Long> entry : ranked) {
      if (rows.size() < MOST) {
        rows.put(tags(entry.getKey()), entry.getValue());
      } else {
        others += entry.getValue();
      }
    }
    rows.put(tags(TenantNames.OTHERS), others);
    gauges.set(rows);
  }

  private static Tags tags(String tenant) {
    return Tags.of("tenant", tenant);
  }
}
