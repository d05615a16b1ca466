package dev.cmmshub.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Rows that come, stay and go. */
class RowGaugeTest {
  private static final Tags STAYS = Tags.of("tenant", "stays");
  private static final Tags GOES = Tags.of("tenant", "goes");
  private static final Tags COMES = Tags.of("tenant", "comes");

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final RowGauge gauge = new RowGauge(registry, "hub.rows", "seconds");

  private List<String> page() {
    return registry.scrape().lines().filter(line -> line.startsWith("hub_rows")).sorted().toList();
  }

  @Test
  void thePageShowsThoseThatWereSetLast() {
    gauge.set(Map.of(STAYS, 1, GOES, 2));
    gauge.set(Map.of(STAYS, 3, COMES, 4.5));
    assertThat(page())
        .containsExactly(
            "hub_rows_seconds{tenant=\"comes\"} 4.5", "hub_rows_seconds{tenant=\"stays\"} 3.0");
    gauge.set(Map.of());
    assertThat(page()).isEmpty();
    gauge.set(Map.of(GOES, 5));
    assertThat(page()).containsExactly("hub_rows_seconds{tenant=\"goes\"} 5.0");
  }

  @Test
  void noScrapeMissesOneThatStays() {
    gauge.set(Map.of(STAYS, 0));
    CompletableFuture<Void> setting =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; i < 2000; i++) {
                gauge.set(i % 2 == 0 ? Map.of(STAYS, i, GOES, i) : Map.of(STAYS, i, COMES, i));
              }
            });
    while (!setting.isDone()) {
      assertThat(page()).anyMatch(line -> line.contains("stays"));
    }
    setting.join();
  }
}
