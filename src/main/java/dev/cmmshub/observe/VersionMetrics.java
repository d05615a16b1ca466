package dev.cmmshub.observe;

import dev.cmmshub.gateway.CalledVersion;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts which tenant calls which version of the API. */
public final class VersionMetrics implements CalledVersion.Observer {
  private final MeterRegistry registry;
  private final TenantNames names;
  // By version, then tenant: counting a call makes no text.
  private final Map<String, Map<String, Counter>> counters = new ConcurrentHashMap<>();

  public VersionMetrics(MeterRegistry registry, TenantNames names) {
    this.registry = registry;
    this.names = names;
  }

  @Override
  public void called(String tenant, String version) {
    counters
        .computeIfAbsent(version, name -> new ConcurrentHashMap<>())
        .computeIfAbsent(
            names.of(tenant),
            id -> registry.counter("hub.gateway.requests", "tenant", id, "version", version))
        .increment();
  }
}
