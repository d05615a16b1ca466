package dev.cmmshub.observe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * One gauge with rows that come and go. A row that stays is never taken out in between, as
 * Micrometer's own does with it: a scrape at that moment would miss it, and an alert would begin to
 * wait anew. For one thread.
 */
final class RowGauge {
  /** Read by whoever scrapes. */
  private static final class Cell {
    private volatile double value;
    private Meter meter;
  }

  private final MeterRegistry registry;
  private final String name;
  private final String unit;
  private final Map<Tags, Cell> cells = new HashMap<>();

  RowGauge(MeterRegistry registry, String name) {
    this(registry, name, null);
  }

  /**
   * @param unit null for plain numbers
   */
  RowGauge(MeterRegistry registry, String name, String unit) {
    this.registry = registry;
    this.name = name;
    this.unit = unit;
  }

  /** These are the rows from now on. */
  void set(Map<Tags, ? extends Number> rows) {
    rows.forEach(
        (tags, value) -> {
          Cell cell = cells.computeIfAbsent(tags, row -> new Cell());
          cell.value = value.doubleValue();
          if (cell.meter == null) {
            cell.meter =
                Gauge.builder(name, cell, told -> told.value)
                    .tags(tags)
                    .baseUnit(unit)
                    .strongReference(true)
                    .register(registry);
          }
        });
    for (Iterator<Map.Entry<Tags, Cell>> all = cells.entrySet().iterator(); all.hasNext(); ) {
      Map.Entry<Tags, Cell> one = all.next();
      if (!rows.containsKey(one.getKey())) {
        registry.remove(one.getValue().meter);
        all.remove();
      }
    }
  }
}
