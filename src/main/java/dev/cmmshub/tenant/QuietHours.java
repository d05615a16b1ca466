package dev.cmmshub.tenant;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A time of each day.
 *
 * @param from when it begins
 * @param to when it has ended; before {@code from} when midnight is in between
 * @param zone of both, with its daylight saving time
 */
public record QuietHours(LocalTime from, LocalTime to, ZoneId zone) {
  private static final Pattern TEXT =
      Pattern.compile("([0-9]{2}:[0-9]{2})-([0-9]{2}:[0-9]{2}) (\\S+)");

  /**
   * As it is written in {@code tenants.yaml}.
   *
   * @throws IllegalArgumentException naming what is expected instead
   */
  static QuietHours of(String text) {
    Matcher matcher = TEXT.matcher(text);
    try {
      if (matcher.matches() && !matcher.group(1).equals(matcher.group(2))) {
        return new QuietHours(
            LocalTime.parse(matcher.group(1)),
            LocalTime.parse(matcher.group(2)),
            ZoneId.of(matcher.group(3)));
      }
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(expected(text), e);
    }
    throw new IllegalArgumentException(expected(text));
  }

  private static String expected(String text) {
    return "'" + text + "': expected two times and their zone, such as 22:00-02:00 Europe/Berlin";
  }

  /** How long it still lasts, if it is now. */
  public Optional<Duration> left(Instant now) {
    ZonedDateTime local = now.atZone(zone);
    LocalTime time = local.toLocalTime();
    boolean after = !time.isBefore(from);
    boolean before = time.isBefore(to);
    if (from.isBefore(to) ? !(after && before) : !(after || before)) {
      return Optional.empty();
    }
    ZonedDateTime end = local.with(to);
    return Optional.of(Duration.between(local, end.isAfter(local) ? end : end.plusDays(1)));
  }

  @Override
  public String toString() {
    return from + "-" + to + " " + zone;
  }
}
