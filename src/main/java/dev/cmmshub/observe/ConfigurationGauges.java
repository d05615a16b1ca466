package dev.cmmshub.observe;

import dev.cmmshub.yaml.Watched;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** Whether the files that people write are in use as they are now: 1, or 0 for an older version. */
public final class ConfigurationGauges {
  private final MeterRegistry registry;

  public ConfigurationGauges(MeterRegistry registry) {
    this.registry = registry;
  }

  /**
   * @param name of the file without its ending
   */
  public void show(String name, Watched<?> file) {
    Gauge.builder("hub." + name + ".valid", file, watched -> watched.isValid() ? 1 : 0)
        .description("1 when " + name + ".yaml is in use as it is now, 0 for an older version")
        .strongReference(true)
        .register(registry);
  }
}
