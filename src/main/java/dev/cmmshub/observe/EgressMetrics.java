package dev.cmmshub.observe;

import dev.cmmshub.egress.EgressObserver;
import dev.cmmshub.egress.EgressTarget;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts calls to addresses that must not be called. */
public final class EgressMetrics implements EgressObserver {
  private final MeterRegistry registry;

  public EgressMetrics(MeterRegistry registry) {
    this.registry = registry;
    // There from the start, so that a first refusal is a rise.
    counter(EgressTarget.UNKNOWN);
  }

  @Override
  public void refused(EgressTarget target) {
    counter(target).increment();
  }

  private Counter counter(EgressTarget target) {
    return registry.counter(
        "hub.egress.refused", "tenant", target.tenant(), "target", target.toString());
  }
}
