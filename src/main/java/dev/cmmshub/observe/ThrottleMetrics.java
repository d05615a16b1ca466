package dev.cmmshub.observe;

import dev.cmmshub.gateway.throttle.Limit;
import dev.cmmshub.gateway.throttle.ThrottleObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts refused requests of each tenant, from zero, and tells whether this node limits alone. */
public final class ThrottleMetrics implements ThrottleObserver {
  private final MeterRegistry registry;
  private final TenantNames names;
  private final AtomicInteger alone;

  public ThrottleMetrics(MeterRegistry registry, TenantNames names) {
    this.registry = registry;
    this.names = names;
    this.alone = registry.gauge("hub.throttle.local", new AtomicInteger());
  }

  @Override
  public void begins(String tenant) {
    for (Limit limit : Limit.values()) {
      counter(tenant, limit);
    }
  }

  @Override
  public void throttled(String tenant, Limit limit) {
    counter(tenant, limit).increment();
  }

  private Counter counter(String tenant, Limit limit) {
    return registry.counter("hub.throttled", "tenant", names.of(tenant), "limit", limit.label());
  }

  @Override
  public void alone(boolean isAlone) {
    alone.set(isAlone ? 1 : 0);
  }
}
