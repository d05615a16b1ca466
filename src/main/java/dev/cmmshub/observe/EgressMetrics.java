package dev.cmmshub.observe;

import dev.cmmshub.egress.EgressObserver;
import dev.cmmshub.egress.EgressTarget;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts calls to addresses that must not be called. */
public final class EgressMetrics implements EgressObserver {
  private final MeterRegistry registry;

  public EgressMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void refused(EgressTarget target) {
    registry
        .counter("hub.egress.refused", "tenant", target.tenant(), "target", target.toString())
        .increment();
  }
}
