package dev.cmmshub.cli;

import java.time.Duration;
import java.time.Instant;

/** Times as people say them: {@code 3 min ago}. */
final class Ages {
  private static final int TWO = 2;

  private Ages() {}

  static String ago(Instant then, Instant now) {
    Duration age = Duration.between(then, now);
    return age.toSeconds() < 1 ? "just now" : length(age) + " ago";
  }

  /** In whole seconds, minutes, hours or days, whichever says enough. */
  static String length(Duration age) {
    if (age.toMinutes() < TWO) {
      return age.toSeconds() + " s";
    }
    if (age.toHours() < TWO) {
      return age.toMinutes() + " min";
    }
    return age.toDays() < TWO ? age.toHours() + " h" : age.toDays() + " days";
  }
}
