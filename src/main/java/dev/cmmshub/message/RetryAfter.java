package dev.cmmshub.message;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * How long a receiver asks to be left alone: {@code Retry-After} of RFC 9110, in seconds or until a
 * date. A date counts from the answer's own {@code Date}, so that only the receiver's clock
 * decides.
 */
public final class RetryAfter {
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,6}");

  private RetryAfter() {}

  /**
   * What an answer asks for, or null when that is nothing, or nothing sensible.
   *
   * @param headers of the answer, in any case; may be null
   */
  public static Duration in(Map<String, String> headers) {
    String value = null;
    String date = null;
    if (headers != null) {
      for (Map.Entry<String, String> header : headers.entrySet()) {
        value = "Retry-After".equalsIgnoreCase(header.getKey()) ? header.getValue() : value;
        date = "Date".equalsIgnoreCase(header.getKey()) ? header.getValue() : date;
      }
    }
    return of(value, date);
  }

  /**
   * The same of two headers.
   *
   * @param value {@code Retry-After}, or null
   * @param date {@code Date}, or null
   */
  public static Duration of(String value, String date) {
    if (value == null) {
      return null;
    }
    if (SECONDS.matcher(value).matches()) {
      return Duration.ofSeconds(Long.parseLong(value));
    }
    try {
      Duration until = date == null ? null : Duration.between(moment(date), moment(value));
      return until == null || until.isNegative() ? null : until;
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static ZonedDateTime moment(String text) {
    return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME);
  }
}
