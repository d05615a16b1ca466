package dev.cmmshub.observe;

import dev.cmmshub.gateway.poll.PollObserver;
import dev.cmmshub.store.Watermarks.Resource;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts pages and records of each polled resource, and its failures in a row; of tenants that are
 * not named, all together, and the most failures of any.
 */
public final class PollMetrics implements PollObserver {
  private static final String OUTCOME = "outcome";

  /** All there is of one resource, from its first day at zero. */
  private record Meters(
      Counter read,
      Counter failed,
      Counter sent,
      Counter known,
      Counter unrecognised,
      AtomicInteger failures,
      List<Meter> all) {}

  private final MeterRegistry registry;
  private final TenantNames names;
  private final Map<Resource, Meters> meters = new ConcurrentHashMap<>();

  public PollMetrics(MeterRegistry registry, TenantNames names) {
    this.registry = registry;
    this.names = names;
  }

  @Override
  public void begins(Resource resource) {
    meters.computeIfAbsent(resource, this::register);
  }

  private Meters register(Resource resource) {
    String tenant = resource.tenant();
    Tags tags =
        Tags.of(
            "tenant",
            names.of(tenant),
            "system",
            names.of(tenant, resource.system()),
            "resource",
            names.of(tenant, resource.name()));
    AtomicInteger failures = new AtomicInteger();
    Counter read = registry.counter("hub.poll.pages", tags.and(OUTCOME, "read"));
    Counter failed = registry.counter("hub.poll.pages", tags.and(OUTCOME, "failed"));
    Counter sent = registry.counter("hub.poll.records", tags.and(OUTCOME, "sent"));
    Counter known = registry.counter("hub.poll.records", tags.and(OUTCOME, "known"));
    Counter other = registry.counter("hub.poll.records", tags.and(OUTCOME, "unrecognised"));
    if (!names.isNamed(tenant)) {
      Gauge.builder("hub.poll.failures", this, PollMetrics::mostOfOthers)
          .tags(tags)
          .register(registry);
      return new Meters(read, failed, sent, known, other, failures, List.of());
    }
    Gauge gauge =
        Gauge.builder("hub.poll.failures", failures, AtomicInteger::get)
            .tags(tags)
            .register(registry);
    return new Meters(
        read,
        failed,
        sent,
        known,
        other,
        failures,
        List.of(read, failed, sent, known, other, gauge));
  }

  private double mostOfOthers() {
    return meters.entrySet().stream()
        .filter(entry -> !names.isNamed(entry.getKey().tenant()))
        .mapToInt(entry -> entry.getValue().failures().get())
        .max()
        .orElse(0);
  }

  @Override
  public void ends(Resource resource) {
    Meters gone = meters.remove(resource);
    if (gone != null) {
      gone.all().forEach(registry::remove);
    }
  }

  @Override
  public void read(Resource resource, int sent, int known, int unrecognised) {
    Meters of = meters.get(resource);
    if (of != null) {
      of.read().increment();
      of.sent().increment(sent);
      of.known().increment(known);
      of.unrecognised().increment(unrecognised);
    }
  }

  @Override
  public void failed(Resource resource, int failures) {
    Meters of = meters.get(resource);
    if (of != null) {
      of.failures().set(failures);
      of.failed().increment(failures > 0 ? 1 : 0);
    }
  }
}
