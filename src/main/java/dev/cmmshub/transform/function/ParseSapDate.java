package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code parse_sap_date}: reads OData's /Date(ms)/, 20260131 and ISO dates, with a time such as
 * PT18H39M58S or 183958; 00000000 and empty are null.
 */
public final class ParseSapDate extends NamedFunction {
  private static final Pattern ODATA =
      Pattern.compile("/Date\\((-?[0-9]{1,15})([+-][0-9]{4})?\\)/");

  public ParseSapDate() {
    super(
        "parse_sap_date(date: text, time?: text, zone?: text) -> text",
        "Reads OData's /Date(ms)/, 20260131 and ISO dates, with a time such as PT18H39M58S or 183958; 00000000 and empty are null.",
        1,
        3);
  }

  @Override
  JsonNode call(Arguments arguments) {
    String date = arguments.text(0).trim();
    if (date.isEmpty() || date.equals("00000000")) {
      return null;
    }
    Matcher odata = ODATA.matcher(date);
    if (odata.matches()) {
      Instant instant = Instant.ofEpochMilli(Long.parseLong(odata.group(1)));
      return arguments.has(1)
          ? at(arguments, LocalDate.ofInstant(instant, ZoneOffset.UTC))
          : text(Times.text(instant));
    }
    try {
      if (date.length() > 10) {
        return text(Times.text(OffsetDateTime.parse(date).toInstant()));
      }
      LocalDate day =
          LocalDate.parse(
              date,
              date.length() == 8 ? DateTimeFormatter.BASIC_ISO_DATE : DateTimeFormatter.ISO_DATE);
      return arguments.has(1) ? at(arguments, day) : text(day.toString());
    } catch (DateTimeException e) {
      throw arguments.expected(0, "/Date(ms)/, yyyyMMdd or yyyy-MM-dd");
    }
  }

  /** A time of PT24H00M00S is the next day's midnight, so times are added as durations. */
  private static JsonNode at(Arguments arguments, LocalDate day) {
    String time = arguments.text(1).trim();
    try {
      Duration ofDay =
          time.startsWith("PT")
              ? Duration.parse(time)
              : Duration.ofNanos(
                  LocalTime.parse(
                          time,
                          time.indexOf(':') < 0
                              ? DateTimeFormatter.ofPattern("HHmmss")
                              : DateTimeFormatter.ISO_TIME)
                      .toNanoOfDay());
      return text(
          Times.text(day.atStartOfDay().plus(ofDay).atZone(Times.zone(arguments, 2)).toInstant()));
    } catch (DateTimeException e) {
      throw arguments.expected(1, "a time such as PT18H39M58S or 183958");
    }
  }
}
