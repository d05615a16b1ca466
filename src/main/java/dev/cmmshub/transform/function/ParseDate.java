package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.TemporalAccessor;

/**
 * {@code parse_date}: reads a time by a pattern such as yyyy-MM-dd HH:mm:ss, in UTC unless a zone
 * is given; gives RFC 3339 with Z, or the bare date if there is no time in it. An empty text is
 * null, a day that no calendar has an error.
 */
public final class ParseDate extends NamedFunction {
  private final Formats formats = new Formats();

  public ParseDate() {
    super(
        "parse_date(s: text, pattern?: text, zone?: text) -> text",
        "Reads a time by a pattern (ISO 8601), in UTC unless a zone is given; a date stays a date.",
        1,
        3);
  }

  @Override
  JsonNode call(Arguments arguments) {
    String value = arguments.text(0).trim();
    if (value.isEmpty()) {
      return null;
    }
    ZoneId zone = Times.zone(arguments, 2);
    try {
      TemporalAccessor time = Times.read(formats.get(arguments, 1), value);
      return text(
          time instanceof LocalDate ? time.toString() : Times.text(Times.moment(time, zone)));
    } catch (DateTimeException e) {
      throw arguments.expected(0, arguments.text(1, "an ISO 8601 date or time"));
    }
  }
}
