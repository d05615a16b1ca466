package dev.cmmshub.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** How long something took: {@code +43 ms}, {@code +2.1 s}, {@code +3 min}, {@code +5 h}. */
final class Lapses {
  private static final int TWO = 2;

  private Lapses() {}

  static String between(Instant begin, Instant at) {
    Duration lapse = Duration.between(begin, at);
    if (lapse.isZero()) {
      return "";
    }
    if (lapse.isNegative()) {
      return "-" + between(at, begin).substring(1);
    }
    if (lapse.toSeconds() < 1) {
      return "+" + lapse.toMillis() + " ms";
    }
    if (lapse.toMinutes() < TWO) {
      return String.format(Locale.ROOT, "+%.1f s", lapse.toMillis() / 1e3);
    }
    if (lapse.toHours() < TWO) {
      return "+" + lapse.toMinutes() + " min";
    }
    return lapse.toDays() < TWO ? "+" + lapse.toHours() + " h" : "+" + lapse.toDays() + " days";
  }
}
