package dev.cmmshub.observe;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times that somebody asked for: a moment, or an age counted back from now. */
record AskedTimes(Instant now) {
  private static final Pattern AGE = Pattern.compile("([0-9]{1,9})(s|m|h|d)");

  /** What lies further back or ahead is as good as everything: no shard knows such times. */
  private static final Instant LAST = Instant.parse("9999-12-31T00:00:00Z");

  Instant read(String name, String text) {
    Instant moment = moment(name, text);
    return moment.isBefore(Instant.EPOCH) ? Instant.EPOCH : moment.isAfter(LAST) ? LAST : moment;
  }

  private Instant moment(String name, String text) {
    Matcher age = AGE.matcher(text);
    if (age.matches()) {
      long amount = Long.parseLong(age.group(1));
      return now.minus(
          switch (age.group(2)) {
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
          });
    }
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw AdminRequest.wrong(
          name,
          "expected a time such as 2026-03-06T03:10:00Z, or an age such as 90s, 30m, 2h or 7d");
    }
  }
}
