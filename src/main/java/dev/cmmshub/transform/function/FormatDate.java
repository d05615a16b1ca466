package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;

/**
 * {@code format_date}: writes a date, or an RFC 3339 time in UTC unless a zone is given, by a
 * pattern. A date has no zone, so that giving it one is an error.
 */
public final class FormatDate extends NamedFunction {
  private final Formats formats = new Formats();

  public FormatDate() {
    super(
        "format_date(dt: text, pattern: text, zone?: text) -> text",
        "Writes a date or an RFC 3339 time by a pattern, the time in UTC unless a zone is given.",
        2,
        3);
  }

  @Override
  JsonNode call(Arguments arguments) {
    ZoneId zone = Times.zone(arguments, 2);
    TemporalAccessor time = read(arguments);
    if (!arguments.has(1)) {
      throw arguments.expected(1, "a pattern such as yyyy-MM-dd");
    }
    DateTimeFormatter format = formats.get(arguments, 1);
    try {
      return text(
          format.format(time instanceof LocalDate ? time : Times.moment(time, zone).atZone(zone)));
    } catch (DateTimeException e) {
      throw arguments.expected(
          1, "a pattern for " + (time instanceof LocalDate ? "dates" : "times"));
    }
  }

  private static TemporalAccessor read(Arguments arguments) {
    try {
      TemporalAccessor time = Times.read(Formats.iso(), arguments.text(0));
      boolean date = time instanceof LocalDate;
      if (!(time instanceof LocalDateTime) && !(date && arguments.has(2))) {
        return time;
      }
    } catch (DateTimeException e) {
      // Answered below.
    }
    throw arguments.expected(
        0, "a time such as 2026-01-31T08:00:00Z, or a date such as 2026-01-31 and no zone");
  }
}
