package dev.cmmshub.observe;

import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleBinaryOperator;

/**
 * Bounds the rows of a gauge: who is worst at the moment is told by name, so that somebody in
 * trouble is always seen, and all others together.
 */
final class WorstFirst {
  /**
   * One value.
   *
   * @param name of whom, the first label
   * @param shared labels with few values, which stay
   * @param own labels that are the named one's, which the others do not have
   */
  record Reading(String name, Tags shared, Tags own, double value) {
    Reading(String name, Tags shared, double value) {
      this(name, shared, Tags.empty(), value);
    }
  }

  private final String label;
  private final int most;
  private final DoubleBinaryOperator together;
  private final boolean lowIsBad;

  private WorstFirst(String label, int most, DoubleBinaryOperator together, boolean lowIsBad) {
    this.label = label;
    this.most = most;
    this.together = together;
    this.lowIsBad = lowIsBad;
  }

  /** Most is worst, and the others are added up. */
  static WorstFirst summed(String label, int most) {
    return new WorstFirst(label, most, Double::sum, false);
  }

  /** The highest is worst, and the others' highest is told. */
  static WorstFirst highest(String label, int most) {
    return new WorstFirst(label, most, Math::max, false);
  }

  /** The lowest is worst, and the others' lowest is told. */
  static WorstFirst lowest(String label, int most) {
    return new WorstFirst(label, most, Math::min, true);
  }

  Map<Tags, Double> rows(List<Reading> readings) {
    Set<String> named = named(readings);
    Map<Tags, Double> rows = new HashMap<>();
    for (Reading one : readings) {
      if (named.contains(one.name())) {
        rows.put(one.shared().and(one.own()).and(label, one.name()), one.value());
      } else {
        rows.merge(withoutNames(one), one.value(), together::applyAsDouble);
      }
    }
    return rows;
  }

  private Tags withoutNames(Reading one) {
    Tags tags = one.shared().and(label, TenantNames.OTHERS);
    for (Tag own : one.own()) {
      tags = tags.and(own.getKey(), TenantNames.OTHERS);
    }
    return tags;
  }

  private Set<String> named(List<Reading> readings) {
    Map<String, Double> amounts = new HashMap<>();
    readings.forEach(one -> amounts.merge(one.name(), one.value(), together::applyAsDouble));
    if (amounts.size() <= most) {
      return amounts.keySet();
    }
    Comparator<Map.Entry<String, Double>> worst = Map.Entry.comparingByValue();
    Set<String> named = new HashSet<>();
    amounts.entrySet().stream()
        .sorted((lowIsBad ? worst : worst.reversed()).thenComparing(Map.Entry.comparingByKey()))
        .limit(most)
        .forEach(entry -> named.add(entry.getKey()));
    return named;
  }
}
