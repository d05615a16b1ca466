package dev.cmmshub.transform.function;

import dev.cmmshub.message.Moments;
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

/** Times as functions read and write them: RFC 3339 in UTC. */
final class Times {
  private Times() {}

  static String text(Instant instant) {
    return Moments.text(instant);
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
      return Moments.isPlain(text) ? Moments.read(text) : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw arguments.expected(index, "a time such as 2026-01-31T08:00:00Z");
    }
  }

  static ZoneId zone(Arguments arguments, int index) {
    try {
      return arguments.has(index) ? ZoneId.of(arguments.text(index)) : ZoneOffset.UTC;
    } catch (DateTimeException e) {
      throw arguments.expected(index, "a time zone such as Europe/Berlin");
    }
  }
}
