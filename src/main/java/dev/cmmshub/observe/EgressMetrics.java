package dev.cmmshub.observe;

import dev.cmmshub.egress.EgressObserver;
import dev.cmmshub.egress.EgressTarget;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts calls to addresses that must not be called. */
public final class EgressMetrics implements EgressObserver {
  private final MeterRegistry registry;
  private final TenantNames names;

  public EgressMetrics(MeterRegistry registry, TenantNames names) {
    this.registry = registry;
    this.names = names;
    // There from the start, so that a first refusal is a rise.
    counter(EgressTarget.UNKNOWN);
  }

  @Override
  public void refused(EgressTarget target) {
    counter(target).increment();
  }

  private Counter counter(EgressTarget target) {
    return registry.counter(
        "hub.egress.refused",
        "tenant",
        names.of(target.tenant()),
        "target",
        names.of(target.tenant(), target.toString()));
  }
}
