package dev.cmmshub.faults;

import java.util.Locale;
import java.util.stream.LongStream;

/** Of some durations, in milliseconds; {@code NaN} when there were none. */
record Percentiles(double p50, double p95, double p99) {
  static Percentiles ofNanos(LongStream nanos) {
    long[] sorted = nanos.sorted().toArray();
    return new Percentiles(at(sorted, 0.5), at(sorted, 0.95), at(sorted, 0.99));
  }

  private static double at(long[] sorted, double share) {
    return sorted.length == 0
        ? Double.NaN
        : Math.round(sorted[(int) (sorted.length * share)] / 1e5) / 10.0;
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%.0f/%.0f/%.0f", p50, p95, p99);
  }
}
