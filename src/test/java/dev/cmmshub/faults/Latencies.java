package dev.cmmshub.faults;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** How long events took from their request to their webhook. */
final class Latencies {
  private Latencies() {}

  /**
   * The 99th percentile in milliseconds over the events of a time that arrived.
   *
   * @param from and {@code to}: when the requests began, as {@link System#nanoTime}
   */
  static double p99(
      List<LoadClient.Attempt> attempts,
      Map<String, Long> arrived,
      long from,
      long to,
      Predicate<LoadClient.Attempt> which) {
    long[] nanos =
        attempts.stream()
            .filter(one -> one.status() == 202 && one.begin() >= from && one.begin() < to)
            .filter(which)
            .filter(one -> arrived.containsKey(one.event()))
            .mapToLong(one -> arrived.get(one.event()) - one.begin())
            .sorted()
            .toArray();
    if (nanos.length < 100) {
      throw new IllegalStateException("too few events to judge by: " + nanos.length);
    }
    return nanos[(int) (nanos.length * 0.99)] / 1e6;
  }
}
