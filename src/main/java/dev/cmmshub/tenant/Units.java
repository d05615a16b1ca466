package dev.cmmshub.tenant;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations ({@code 500ms}, {@code 5s}, {@code 2m}, {@code 4h}) and sizes ({@code 64kB}, {@code
 * 2MB}), and moments.
 */
public final class Units {
  private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,12})\\s*([a-zA-Z]*)");
  private static final long KIBI = 1024;

  private Units() {}

  /**
   * A duration.
   *
   * @throws IllegalArgumentException naming what is expected instead
   */
  public static Duration duration(String text) {
    Matcher matcher = AMOUNT.matcher(text == null ? "" : text.trim());
    if (matcher.matches()) {
      long amount = Long.parseLong(matcher.group(1));
      switch (matcher.group(2)) {
        case "ms":
          return Duration.ofMillis(amount);
        case "s":
          return Duration.ofSeconds(amount);
        case "m":
          return Duration.ofMinutes(amount);
        case "h":
          return Duration.ofHours(amount);
        default:
          break;
      }
    }
    throw new IllegalArgumentException(
        "'" + text + "': expected a duration such as 500ms, 5s, 2m or 4h");
  }

  /** As it is written in {@code tenants.yaml}. */
  static String text(Duration duration) {
    long millis = duration.toMillis();
    return millis % 1000 > 0
        ? millis + "ms"
        : duration.toString().substring(2).toLowerCase(Locale.ROOT);
  }

  /**
   * A moment (RFC 3339).
   *
   * @throws IllegalArgumentException naming what is expected instead
   */
  public static Instant time(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "'" + text + "': expected a time such as 2026-01-31T00:00:00Z", e);
    }
  }

  public static long bytes(String text) {
    Matcher matcher = AMOUNT.matcher(text == null ? "" : text.trim());
    if (matcher.matches()) {
      long amount = Long.parseLong(matcher.group(1));
      switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
        case "", "b":
          return amount;
        case "kb":
          return amount * KIBI;
        case "mb":
          return amount * KIBI * KIBI;
        case "gb":
          return amount * KIBI * KIBI * KIBI;
        default:
          break;
      }
    }
    throw new IllegalArgumentException("'" + text + "': expected a size such as 64kB or 2MB");
  }
}
