package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code parse_sap_date}: reads OData's /Date(ms)/ (which is a moment; its offset says nothing
 * more), 20260131 and ISO dates, together with a time such as PT18H39M58S or 183958 in a zone.
 * Gives RFC 3339 with Z, or yyyy-MM-dd for a date without a time. 00000000 and empty are null.
 */
public final class ParseSapDate extends NamedFunction {
  private static final Pattern ODATA =
      Pattern.compile("/Date\\((-?[0-9]{1,15})([+-][0-9]{4})?\\)/");
  private static final Pattern NONE = Pattern.compile("[0-]*");
  private static final Pattern TIME =
      Pattern.compile("([0-9]{2}):?([0-5][0-9])(?::?([0-5][0-9](?:\\.[0-9]{1,9})?))?");
  private static final Duration DAY = Duration.ofDays(1);

  public ParseSapDate() {
    super(
        "parse_sap_date(date: text, time?: text, zone?: text) -> text",
        "Reads /Date(ms)/, 20260131 or ISO, with a time such as PT18H39M58S or 183958; 00000000 is"
            + " null.",
        1,
        3);
  }

  @Override
  JsonNode call(Arguments arguments) {
    String value = arguments.text(0).trim();
    if (NONE.matcher(value).matches()) {
      return null;
    }
    TemporalAccessor date = date(arguments, value);
    String time = arguments.text(1, "").trim();
    if (!time.isEmpty()) {
      LocalDateTime local = day(date).atStartOfDay().plus(ofDay(arguments, time));
      return text(Times.text(Times.moment(local, Times.zone(arguments, 2))));
    }
    return text(
        date instanceof LocalDate
            ? date.toString()
            : Times.text(Times.moment(date, Times.zone(arguments, 2))));
  }

  private static TemporalAccessor date(Arguments arguments, String value) {
    Matcher odata = ODATA.matcher(value);
    try {
      if (odata.matches()) {
        return Instant.ofEpochMilli(Long.parseLong(odata.group(1))).atOffset(ZoneOffset.UTC);
      }
      boolean basic = value.length() == "yyyyMMdd".length();
      return Times.read(basic ? DateTimeFormatter.BASIC_ISO_DATE : Formats.iso(), value);
    } catch (DateTimeException e) {
      throw arguments.expected(0, "/Date(ms)/, yyyyMMdd or yyyy-MM-dd");
    }
  }

  /** SAP gives the time of a day apart, and then the date's own time is midnight. */
  private static LocalDate day(TemporalAccessor date) {
    return date instanceof OffsetDateTime exact
        ? LocalDate.ofInstant(exact.toInstant(), ZoneOffset.UTC)
        : LocalDate.from(date);
  }

  /** From 0 to 24 hours: SAP's end of a day is 240000. */
  private static Duration ofDay(Arguments arguments, String time) {
    try {
      Matcher digits = TIME.matcher(time);
      Duration ofDay = Duration.parse(digits.matches() ? duration(digits) : time);
      if (!ofDay.isNegative() && ofDay.compareTo(DAY) <= 0) {
        return ofDay;
      }
    } catch (DateTimeException e) {
      // Answered below.
    }
    throw arguments.expected(1, "a time such as PT18H39M58S or 183958");
  }

  private static String duration(Matcher digits) {
    String seconds = digits.group(3) == null ? "0" : digits.group(3);
    return "PT" + digits.group(1) + "H" + digits.group(2) + "M" + seconds + "S";
  }
}
