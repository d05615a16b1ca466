package dev.cmmshub.transform.function;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.regex.Pattern;

/** Times as functions read and write them: RFC 3339 in UTC. */
final class Times {
  private static final Pattern UTC =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?Z");
  private static final int NANOS_AT = "2026-01-31T08:00:00.".length();

  private Times() {}

  static String text(Instant instant) {
    return instant.toString();
  }

  /**
   * Whatever the text holds: an OffsetDateTime or ZonedDateTime, a LocalDateTime or a LocalDate.
   *
   * @throws DateTimeException for anything else
   */
  static TemporalAccessor read(DateTimeFormatter format, String value) {
    return format.parseBest(
        value, OffsetDateTime::from, ZonedDateTime::from, LocalDateTime::from, LocalDate::from);
  }

  /**
   * The moment of what {@link #read} gave. A local time that a zone skips is moved on by the gap,
   * one that it has twice is the earlier.
   */
  static Instant moment(TemporalAccessor time, ZoneId zone) {
    return time instanceof LocalDateTime local
        ? local.atZone(zone).toInstant()
        : Instant.from(time);
  }

  static Instant instant(Arguments arguments, int index) {
    String text = arguments.text(index);
    try {
      return UTC.matcher(text).matches() ? plain(text) : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw arguments.expected(index, "a time such as 2026-01-31T08:00:00Z");
    }
  }

  /** The form the hub itself writes, by its places: a formatter takes eight times as long. */
  private static Instant plain(String text) {
    int end = text.length() - 1;
    int nanos = 0;
    for (int i = NANOS_AT; i < NANOS_AT + 9; i++) {
      nanos = nanos * 10 + (i < end ? text.charAt(i) - '0' : 0);
    }
    return LocalDateTime.of(
            digits(text, 0, 4),
            digits(text, 5, 7),
            digits(text, 8, 10),
            digits(text, 11, 13),
            digits(text, 14, 16),
            digits(text, 17, 19),
            nanos)
        .toInstant(ZoneOffset.UTC);
  }

  private static int digits(String text, int from, int to) {
    return Integer.parseInt(text, from, to, 10);
  }

  static ZoneId zone(Arguments arguments, int index) {
    try {
      return arguments.has(index) ? ZoneId.of(arguments.text(index)) : ZoneOffset.UTC;
    } catch (DateTimeException e) {
      throw arguments.expected(index, "a time zone such as Europe/Berlin");
    }
  }
}
