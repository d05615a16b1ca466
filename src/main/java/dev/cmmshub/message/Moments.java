package dev.cmmshub.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * Moments as RFC 3339 text in UTC, such as {@code 2026-01-31T08:00:00.250Z}. The same as {@link
 * Instant#toString} and {@link Instant#parse}, whose formatter takes several times as long.
 */
public final class Moments {
  private static final int SHORTEST = "2026-01-31T08:00:00Z".length();
  private static final int NANOS_AT = "2026-01-31T08:00:00.".length();
  private static final int MOST_NANO_DIGITS = 9;
  private static final int LAST_PLAIN_YEAR = 9999;
  private static final String FORM = "dddd-dd-ddTdd:dd:dd";

  private Moments() {}

  /** With seconds, and with 0, 3, 6 or 9 digits behind them. */
  public static String text(Instant moment) {
    LocalDateTime time = LocalDateTime.ofInstant(moment, ZoneOffset.UTC);
    if (time.getYear() < 0 || time.getYear() > LAST_PLAIN_YEAR) {
      return moment.toString();
    }
    byte[] text = FORM.getBytes(ISO_8859_1);
    write(text, 0, 4, time.getYear());
    write(text, 5, 7, time.getMonthValue());
    write(text, 8, 10, time.getDayOfMonth());
    write(text, 11, 13, time.getHour());
    write(text, 14, 16, time.getMinute());
    write(text, 17, 19, time.getSecond());
    return new String(text, ISO_8859_1) + (time.getNano() == 0 ? "Z" : fraction(time.getNano()));
  }

  private static String fraction(int nanos) {
    int digits = nanos % 1_000_000 == 0 ? 3 : nanos % 1_000 == 0 ? 6 : 9;
    byte[] text = new byte[digits + 2];
    text[0] = '.';
    write(
        text, 1, digits + 1, digits == 3 ? nanos / 1_000_000 : digits == 6 ? nanos / 1_000 : nanos);
    text[digits + 1] = 'Z';
    return new String(text, ISO_8859_1);
  }

  private static void write(byte[] text, int from, int to, int number) {
    int rest = number;
    for (int i = to - 1; i >= from; i--) {
      text[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }

  /**
   * Reads it back; whatever else {@link Instant#parse} takes is read, too.
   *
   * @throws DateTimeException when it is no such text
   */
  public static Instant read(String text) {
    return isPlain(text) ? plain(text) : Instant.parse(text);
  }

  /** Whether it is in the form that {@link #text} writes, with any number of digits at the end. */
  public static boolean isPlain(String text) {
    int end = text.length() - 1;
    if (end + 1 < SHORTEST || text.charAt(end) != 'Z' || end > NANOS_AT + MOST_NANO_DIGITS) {
      return false;
    }
    for (int i = 0; i < FORM.length(); i++) {
      if (FORM.charAt(i) == 'd' ? !isDigit(text.charAt(i)) : text.charAt(i) != FORM.charAt(i)) {
        return false;
      }
    }
    return end == FORM.length() || isFraction(text, end);
  }

  private static boolean isFraction(String text, int end) {
    if (text.charAt(NANOS_AT - 1) != '.' || end == NANOS_AT) {
      return false;
    }
    for (int i = NANOS_AT; i < end; i++) {
      if (!isDigit(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static Instant plain(String text) {
    int end = text.length() - 1;
    int nanos = 0;
    for (int i = NANOS_AT; i < NANOS_AT + MOST_NANO_DIGITS; i++) {
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
}
