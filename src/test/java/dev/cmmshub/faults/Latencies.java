package dev.cmmshub.faults;

import static org.assertj.core.api.Assertions.assertThat;

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
    return Math.round(nanos[(int) (nanos.length * 0.99)] / 1e5) / 10.0;
  }

  /**
   * Compares the medians of several times, since one pause of the machine makes a p99 of its own.
   *
   * @param times so much longer at most, or 50 ms, which is what two cores that also run the load
   *     make of nothing
   */
  static void assertNotMuchLonger(List<Double> meanwhile, List<Double> quiet, double times) {
    assertNotMuchLonger(meanwhile, quiet, times, 50);
  }

  /**
   * The same with another allowance for what the load itself takes of the two cores.
   *
   * @param allowed in ms
   */
  static void assertNotMuchLonger(
      List<Double> meanwhile, List<Double> quiet, double times, double allowed) {
    double usual = median(quiet);
    assertThat(median(meanwhile))
        .as("median of %s beside that of %s", meanwhile, quiet)
        .isLessThanOrEqualTo(Math.max(times * usual, usual + allowed));
  }

  static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }
}
