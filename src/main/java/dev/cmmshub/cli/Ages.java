package dev.cmmshub.cli;

import java.time.Duration;
import java.time.Instant;

/** Times as people say them: {@code 3 min ago}. */
final class Ages {
  private static final int TWO = 2;

  private Ages() {}

  static String ago(Instant then, Instant now) {
    Duration age = Duration.between(then, now);
    if (age.toSeconds() < 1) {
      return "just now";
    }
    if (age.toMinutes() < TWO) {
      return age.toSeconds() + " s ago";
    }
    if (age.toHours() < TWO) {
      return age.toMinutes() + " min ago";
    }
    return age.toDays() < TWO ? age.toHours() + " h ago" : age.toDays() + " days ago";
  }
}
