package dev.cmmshub.transform.function;

import java.time.chrono.IsoEra;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Compiled patterns of dates and times; strict, so that 31 February is an error and no guess. */
final class Formats {
  private static final int MOST = 1000;
  private static final DateTimeFormatter ISO =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .optionalStart()
          .appendLiteral('T')
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .optionalStart()
          .appendOffsetId()
          .toFormatter(Locale.ROOT)
          .withResolverStyle(ResolverStyle.STRICT);

  private final Map<String, DateTimeFormatter> formats = new ConcurrentHashMap<>();

  /** ISO 8601: a date, perhaps with a time, perhaps with an offset. */
  static DateTimeFormatter iso() {
    return ISO;
  }

  /** The pattern of an argument; ISO 8601 when there is none. */
  DateTimeFormatter get(Arguments arguments, int index) {
    if (!arguments.has(index)) {
      return ISO;
    }
    String pattern = arguments.text(index);
    DateTimeFormatter known = formats.get(pattern);
    if (known != null) {
      return known;
    }
    try {
      DateTimeFormatter made = strict(pattern);
      // Mappings hold few; only patterns made of data could be many.
      if (formats.size() < MOST) {
        formats.put(pattern, made);
      }
      return made;
    } catch (IllegalArgumentException e) {
      throw arguments.expected(index, "a pattern such as yyyy-MM-dd HH:mm:ss");
    }
  }

  /** A strict yyyy is a year of an era, and nobody writes the era. */
  private static DateTimeFormatter strict(String pattern) {
    return new DateTimeFormatterBuilder()
        .appendPattern(pattern)
        .parseDefaulting(ChronoField.ERA, IsoEra.CE.getValue())
        .toFormatter(Locale.ROOT)
        .withResolverStyle(ResolverStyle.STRICT);
  }
}
