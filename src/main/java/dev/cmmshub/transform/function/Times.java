package dev.cmmshub.transform.function;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Times as functions read and write them: RFC 3339 in UTC. */
final class Times {
  private static final int MOST = 1000;
  private static final Map<String, DateTimeFormatter> FORMATTERS = new ConcurrentHashMap<>();
  private static final DateTimeFormatter ISO =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .optionalStart()
          .appendLiteral('T')
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .optionalStart()
          .appendOffsetId()
          .toFormatter(Locale.ROOT);

  private Times() {}

  static String text(Instant instant) {
    return instant.toString();
  }

  static Instant instant(Arguments arguments, int index) {
    try {
      return OffsetDateTime.parse(arguments.text(index)).toInstant();
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

  /** The pattern of an argument; ISO 8601 when there is none. */
  static DateTimeFormatter formatter(Arguments arguments, int index) {
    if (!arguments.has(index)) {
      return ISO;
    }
    String pattern = arguments.text(index);
    DateTimeFormatter known = FORMATTERS.get(pattern);
    if (known != null) {
      return known;
    }
    try {
      DateTimeFormatter made = DateTimeFormatter.ofPattern(pattern, Locale.ROOT);
      if (FORMATTERS.size() < MOST) {
        FORMATTERS.put(pattern, made);
      }
      return made;
    } catch (IllegalArgumentException e) {
      throw arguments.expected(index, "a pattern such as yyyy-MM-dd HH:mm:ss");
    }
  }
}
