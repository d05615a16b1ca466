package dev.cmmshub.cli.top;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What two metrics pages tell. */
class GlimpseTest {
  private static final String BEFORE =
      """
      # HELP hub_events_total
      # TYPE hub_events_total counter
      hub_events_total{outcome="accepted",step="gateway",system="sap",tenant="acme"} 10.0
      hub_events_total{outcome="accepted",step="gateway",system="odoo",tenant="acme"} 5.0
      hub_events_total{outcome="applied",step="store",system="sap",tenant="bolt"} 100.0
      hub_delivery_seconds_count{subscription="cmms",tenant="acme"} 4
      hub_delivery_seconds_sum{subscription="cmms",tenant="acme"} 1.0
      """;
  private static final String NOW =
      """
      hub_events_total{outcome="accepted",step="gateway",system="sap",tenant="acme"} 30.0
      hub_events_total{outcome="accepted",step="gateway",system="odoo",tenant="acme"} 5.0
      hub_events_total{outcome="rejected",step="gateway",system="",tenant="acme"} 2.0
      hub_events_total{outcome="applied",step="store",system="sap",tenant="bolt"} 7.0
      hub_failures_total{class="rate-limited",step="gateway",system="",tenant="acme"} 2.0
      hub_failures_total{class="timeout",step="deliver",system="sap",tenant="acme"} 1.0
      hub_delivery_seconds_count{subscription="cmms",tenant="acme"} 8
      hub_delivery_seconds_sum{subscription="cmms",tenant="acme"} 1.1
      hub_delivery_seconds_count{subscription="h\\"k",tenant="bolt"} 2
      hub_delivery_seconds_sum{subscription="h\\"k",tenant="bolt"} 1.0E0
      hub_parked_events{age="1m",shard="a",tenant="acme"} 3.0
      hub_parked_events{age="1h",shard="a",tenant="acme"} 4.0
      hub_dead_letters{class="mapping",shard="a",tenant="quiet"} 2.0
      hub_flow_silent_seconds{entity="part",party="sap",stage="applied",tenant="acme"} 900.5
      hub_flow_silent_seconds{entity="asset",party="sap",stage="applied",tenant="acme"} 0.0
      hub_lag_records{group="hub-notify",topic="hub.canonical"} 12.0
      hub_breaker_state{target="acme/cmms"} 2.0
      hub_breaker_state{target="acme/other"} 0.0
      hub_odd{le="+Inf"} +Inf
      jvm_threads_live_threads 50.0
      """;

  private final Glimpse glimpse = Glimpse.between(Samples.parse(BEFORE), Samples.parse(NOW), 2);

  @Test
  void theBusiestTenantIsFirst() {
    assertThat(glimpse.tenants())
        .containsExactly(
            new Glimpse.Tenant("acme", 10, 0, 0, 1, 0.5, 7, 0, 1),
            // Started again in between: what it counted since.
            new Glimpse.Tenant("bolt", 0, 3.5, 0, 0, 0, 0, 0, 0),
            new Glimpse.Tenant("quiet", 0, 0, 0, 0, 0, 0, 2, 0));
  }

  @Test
  void theSlowestTargetIsFirst() {
    assertThat(glimpse.targets())
        .extracting(Glimpse.Target::subscription)
        .containsExactly("h\"k", "cmms");
    assertThat(glimpse.targets().get(0).meanMillis()).isEqualTo(500);
    assertThat(glimpse.targets().get(1).meanMillis()).isBetween(24.9, 25.1);
    assertThat(glimpse.targets().get(1).perSecond()).isEqualTo(2);
  }

  @Test
  void lagAndOpenBreakersAreTold() {
    assertThat(glimpse.lag()).containsEntry("hub.canonical", 12.0);
    assertThat(glimpse.open()).containsExactly("acme/cmms");
  }
}
