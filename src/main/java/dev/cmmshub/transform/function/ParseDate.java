package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.temporal.TemporalAccessor;

/**
 * {@code parse_date}: reads a time by a pattern such as yyyy-MM-dd HH:mm:ss, in UTC unless a zone
 * is given; gives RFC 3339 with Z, or the bare date if there is no time in it.
 */
public final class ParseDate extends NamedFunction {
  public ParseDate() {
    super(
        "parse_date(s: text, pattern?: text, zone?: text) -> text",
        "Reads a time by a pattern such as yyyy-MM-dd HH:mm:ss, in UTC unless a zone is given; gives RFC 3339 with Z, or the bare date if there is no time in it.",
        1,
        3);
  }

  @Override
  JsonNode call(Arguments arguments) {
    String value = arguments.text(0).trim();
    if (value.isEmpty()) {
      return null;
    }
    try {
      TemporalAccessor parsed =
          Times.formatter(arguments, 1)
              .parseBest(value, OffsetDateTime::from, LocalDateTime::from, LocalDate::from);
      if (parsed instanceof LocalDate day) {
        return text(day.toString());
      }
      return text(
          Times.text(
              parsed instanceof OffsetDateTime exact
                  ? exact.toInstant()
                  : ((LocalDateTime) parsed).atZone(Times.zone(arguments, 2)).toInstant()));
    } catch (DateTimeException e) {
      throw arguments.expected(0, arguments.has(1) ? arguments.text(1) : "an ISO 8601 time");
    }
  }
}
