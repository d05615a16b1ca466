package dev.cmmshub.observe;

import dev.cmmshub.store.CacheObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Counts what reads found in the cache, from zero. */
public final class CacheMetrics implements CacheObserver {
  private final Map<Read, Counter> counters = new EnumMap<>(Read.class);

  public CacheMetrics(MeterRegistry registry) {
    for (Read read : Read.values()) {
      counters.put(
          read,
          Counter.builder("hub.cache.reads")
              .description("Reads of single objects, by what the cache said")
              .tag("outcome", read.name().toLowerCase(Locale.ROOT))
              .register(registry));
    }
  }

  @Override
  public void read(Read read) {
    counters.get(read).increment();
  }
}
