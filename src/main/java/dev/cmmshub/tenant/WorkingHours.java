package dev.cmmshub.tenant;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A time of some days of each week.
 *
 * @param from when it begins on each of them
 * @param minutes how long it lasts, at most to the end of the day
 * @param except days on which nobody works, such as holidays
 */
public record WorkingHours(
    Set<DayOfWeek> days, LocalTime from, int minutes, ZoneId zone, Set<LocalDate> except) {
  private static final int DAY = 24 * 60;
  private static final Pattern TEXT =
      Pattern.compile(
          "(?:([a-z]{3})-([a-z]{3}) )?([0-9]{2}):([0-9]{2})-([0-9]{2}):([0-9]{2}) (\\S+)");
  private static final List<String> NAMES =
      List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");

  /** Every minute of every day. */
  public static final WorkingHours ALWAYS =
      new WorkingHours(
          EnumSet.allOf(DayOfWeek.class), LocalTime.MIDNIGHT, DAY, ZoneId.of("UTC"), Set.of());

  public WorkingHours {
    days = Set.copyOf(days);
    except = Set.copyOf(except);
  }

  /**
   * As it is written in {@code tenants.yaml}.
   *
   * @throws IllegalArgumentException naming what is expected instead
   */
  static WorkingHours of(String text, Set<LocalDate> except) {
    Matcher matcher = TEXT.matcher(text.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new IllegalArgumentException(expected(text));
    }
    int from = minute(matcher.group(3), matcher.group(4));
    int to = minute(matcher.group(5), matcher.group(6));
    if (from < 0 || to > DAY || from >= to) {
      throw new IllegalArgumentException(expected(text));
    }
    try {
      ZoneId zone = ZoneId.of(text.substring(text.lastIndexOf(' ') + 1));
      return new WorkingHours(
          days(matcher.group(1), matcher.group(2), text),
          LocalTime.of(from / 60, from % 60),
          to - from,
          zone,
          except);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(expected(text), e);
    }
  }

  private static int minute(String hour, String minute) {
    int minutes = Integer.parseInt(minute);
    return minutes > 59 ? DAY + 1 : Integer.parseInt(hour) * 60 + minutes;
  }

  private static Set<DayOfWeek> days(String first, String last, String text) {
    if (first == null) {
      return EnumSet.allOf(DayOfWeek.class);
    }
    if (!NAMES.contains(first) || !NAMES.contains(last)) {
      throw new IllegalArgumentException(expected(text));
    }
    Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
    DayOfWeek end = DayOfWeek.of(NAMES.indexOf(last) + 1);
    for (DayOfWeek day = DayOfWeek.of(NAMES.indexOf(first) + 1); ; day = day.plus(1)) {
      days.add(day);
      if (day == end) {
        return days;
      }
    }
  }

  private static String expected(String text) {
    return "'"
        + text
        + "': expected days, two times of a day and their zone, such as"
        + " mon-fri 06:00-20:00 Europe/Berlin";
  }

  /** How much of the time between two moments is within these hours. */
  public Duration between(Instant begin, Instant end) {
    Duration sum = Duration.ZERO;
    LocalDate last = end.atZone(zone).toLocalDate();
    for (LocalDate day = begin.atZone(zone).toLocalDate();
        !day.isAfter(last);
        day = day.plusDays(1)) {
      if (days.contains(day.getDayOfWeek()) && !except.contains(day)) {
        Instant opens = day.atTime(from).atZone(zone).toInstant();
        Instant closes = day.atTime(from).plusMinutes(minutes).atZone(zone).toInstant();
        Instant from = opens.isAfter(begin) ? opens : begin;
        Instant to = closes.isBefore(end) ? closes : end;
        if (from.isBefore(to)) {
          sum = sum.plus(Duration.between(from, to));
        }
      }
    }
    return sum;
  }
}
