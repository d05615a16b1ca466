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
  private static final int MOST_DIGITS = 15;
  private static final int OFFSET_DIGITS = 4;
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
    if (isNone(value)) {
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
    Instant odata = odata(value);
    if (odata != null) {
      return odata;
    }
    try {
      boolean basic = value.length() == "yyyyMMdd".length();
      return Times.read(basic ? DateTimeFormatter.BASIC_ISO_DATE : Formats.iso(), value);
    } catch (DateTimeException e) {
      throw arguments.expected(0, "/Date(ms)/, yyyyMMdd or yyyy-MM-dd");
    }
  }

  private static boolean isNone(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) != '0' && value.charAt(i) != '-') {
        return false;
      }
    }
    return true;
  }

  /** Of {@code /Date(1764547200000+0000)/}, or null. Nearly all are such, and each row has some. */
  private static Instant odata(String value) {
    int end = value.length() - 2;
    if (!value.startsWith("/Date(") || !value.endsWith(")/")) {
      return null;
    }
    int from = "/Date(".length();
    int at = afterDigits(value, value.charAt(from) == '-' ? from + 1 : from, end);
    int digits = at - from - (value.charAt(from) == '-' ? 1 : 0);
    boolean isOffset =
        at < end
            && (value.charAt(at) == '+' || value.charAt(at) == '-')
            && end - at == 1 + OFFSET_DIGITS
            && afterDigits(value, at + 1, end) == end;
    return digits >= 1 && digits <= MOST_DIGITS && (at == end || isOffset)
        ? Instant.ofEpochMilli(Long.parseLong(value, from, at, 10))
        : null;
  }

  private static int afterDigits(String value, int from, int end) {
    int at = from;
    while (at < end && value.charAt(at) >= '0' && value.charAt(at) <= '9') {
      at++;
    }
    return at;
  }

  /** SAP gives the time of a day apart, and then the date's own time is midnight. */
  private static LocalDate day(TemporalAccessor date) {
    return date instanceof Instant || date instanceof OffsetDateTime
        ? LocalDate.ofInstant(Instant.from(date), ZoneOffset.UTC)
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
