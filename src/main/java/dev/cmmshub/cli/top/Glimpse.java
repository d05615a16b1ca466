package dev.cmmshub.cli.top;

import dev.cmmshub.cli.top.Samples.Sample;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What a hub did between two looks.
 *
 * @param tenants the busiest first
 * @param targets the slowest first
 * @param lag records that wait, by topic
 * @param open targets whose breaker is open
 */
public record Glimpse(
    List<Tenant> tenants, List<Target> targets, Map<String, Double> lag, List<String> open) {
  private static final double OPEN = 2;

  /**
   * One tenant; what has no "a second" in its name is a number now.
   *
   * @param silent how many of its flows are silent that should not be
   */
  public record Tenant(
      String id,
      double acceptedPerSecond,
      double appliedPerSecond,
      double deliveredPerSecond,
      double rejectedPerSecond,
      double failedPerSecond,
      long parked,
      long deadLetters,
      long silent) {
    private double busy() {
      return acceptedPerSecond
          + appliedPerSecond
          + deliveredPerSecond
          + rejectedPerSecond
          + failedPerSecond;
    }
  }

  /** One receiver that was called. */
  public record Target(String tenant, String subscription, double perSecond, double meanMillis) {}

  /**
   * Compares two looks.
   *
   * @param seconds between them
   */
  public static Glimpse between(Samples before, Samples now, double seconds) {
    return new Glimpse(
        tenants(before, now, seconds),
        targets(before, now, seconds),
        lag(now),
        now.of("hub_breaker_state").stream()
            .filter(state -> state.value() == OPEN)
            .map(state -> state.label("target"))
            .sorted()
            .toList());
  }

  private static List<Tenant> tenants(Samples before, Samples now, double seconds) {
    TreeSet<String> ids = new TreeSet<>();
    for (String name : List.of("hub_events_total", "hub_parked_events", "hub_dead_letters")) {
      now.of(name).forEach(sample -> ids.add(sample.label("tenant")));
    }
    List<Tenant> tenants = new ArrayList<>();
    for (String id : ids) {
      Predicate<Sample> own = sample -> sample.label("tenant").equals(id);
      tenants.add(
          new Tenant(
              id,
              rate(before, now, seconds, own, "gateway", "accepted"),
              rate(before, now, seconds, own, "store", "applied"),
              rate(before, now, seconds, own, "notify", "delivered"),
              rate(before, now, seconds, own, "gateway", "rejected"),
              grown(before, now, "hub_failures_total", own.and(one -> !is(one, "gateway")))
                  / seconds,
              (long) now.sum("hub_parked_events", own),
              (long) now.sum("hub_dead_letters", own),
              now.of("hub_flow_silent_seconds").stream()
                  .filter(own)
                  .filter(sample -> sample.value() > 0)
                  .count()));
    }
    tenants.sort(
        Comparator.comparingDouble(Tenant::busy)
            .thenComparingLong(Tenant::parked)
            .reversed()
            .thenComparing(Tenant::id));
    return tenants;
  }

  private static boolean is(Sample sample, String step) {
    return sample.label("step").equals(step);
  }

  private static double rate(
      Samples before,
      Samples now,
      double seconds,
      Predicate<Sample> own,
      String step,
      String outcome) {
    Predicate<Sample> which = own.and(one -> is(one, step) && one.label("outcome").equals(outcome));
    return grown(before, now, "hub_events_total", which) / seconds;
  }

  /** Of a hub that was started again in between, what it has counted since. */
  private static double grown(Samples before, Samples now, String name, Predicate<Sample> which) {
    double grown = now.sum(name, which) - before.sum(name, which);
    return grown < 0 ? now.sum(name, which) : grown;
  }

  private static List<Target> targets(Samples before, Samples now, double seconds) {
    List<Target> targets = new ArrayList<>();
    for (Sample sample : now.of("hub_delivery_seconds_count")) {
      Predicate<Sample> own = other -> other.labels().equals(sample.labels());
      double calls = grown(before, now, "hub_delivery_seconds_count", own);
      if (calls > 0) {
        targets.add(
            new Target(
                sample.label("tenant"),
                sample.label("subscription"),
                calls / seconds,
                grown(before, now, "hub_delivery_seconds_sum", own) / calls * 1000));
      }
    }
    targets.sort(Comparator.comparingDouble(Target::meanMillis).reversed());
    return targets;
  }

  private static Map<String, Double> lag(Samples now) {
    Map<String, Double> lag = new TreeMap<>();
    now.of("hub_lag_records")
        .forEach(sample -> lag.merge(sample.label("topic"), sample.value(), Double::sum));
    return lag;
  }
}
