package dev.cmmshub.tenant;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Optional;

/**
 * Times in the five fields of cron, by the clock on the wall of a time zone. A time that the change
 * to summer time leaves out comes when the clock has gone on by as much; one that is there twice in
 * autumn counts once, the first time. So nothing that is daily is left out or comes twice.
 */
public final class CronSchedule {
  private static final CronParser PARSER =
      new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));

  /** No clock on any wall is put by more. */
  private static final int LONGEST_CHANGE_HOURS = 2;

  private final String text;
  private final ZoneId zone;
  private final ExecutionTime times;

  private CronSchedule(String text, ZoneId zone) {
    this.text = text;
    this.zone = zone;
    this.times = ExecutionTime.forCron(PARSER.parse(text));
  }

  /**
   * As it is written in {@code tenants.yaml}. Of a day of the month and one of the week, either
   * will do.
   *
   * @throws IllegalArgumentException naming what is expected instead
   */
  static CronSchedule of(String text, ZoneId zone) {
    CronSchedule schedule;
    try {
      schedule = new CronSchedule(text.strip(), zone);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "': expected minute, hour, day of the month, month and day of the week as cron has"
              + " them, such as \"0 2 * * *\"; "
              + e.getMessage(),
          e);
    }
    if (schedule.next(Instant.EPOCH).isEmpty()) {
      throw new IllegalArgumentException("'" + text + "': there is never such a time");
    }
    return schedule;
  }

  public String text() {
    return text;
  }

  public ZoneId zone() {
    return zone;
  }

  /** The first time behind a moment; none when there is no such day any more. */
  public Optional<Instant> next(Instant after) {
    Optional<ZonedDateTime> wall = Optional.of(wall(after).minusHours(LONGEST_CHANGE_HOURS));
    while ((wall = times.nextExecution(wall.get())).isPresent()) {
      Instant time = instant(wall.get());
      if (time.isAfter(after)) {
        return Optional.of(time);
      }
    }
    return Optional.empty();
  }

  /** The last time until a moment, or at it. */
  public Optional<Instant> last(Instant until) {
    Optional<ZonedDateTime> wall = Optional.of(wall(until).plusHours(LONGEST_CHANGE_HOURS));
    while ((wall = times.lastExecution(wall.get())).isPresent()) {
      Instant time = instant(wall.get());
      if (!time.isAfter(until)) {
        return Optional.of(time);
      }
    }
    return Optional.empty();
  }

  /** Which day it is there. */
  public LocalDate day(Instant time) {
    return time.atZone(zone).toLocalDate();
  }

  /** What the clock shows, as if clocks were never put: as such, times are only counted. */
  private ZonedDateTime wall(Instant time) {
    return time.atZone(zone).toLocalDateTime().atZone(ZoneOffset.UTC);
  }

  private Instant instant(ZonedDateTime wall) {
    return wall.toLocalDateTime().atZone(zone).toInstant();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CronSchedule that && text.equals(that.text) && zone.equals(that.zone);
  }

  @Override
  public int hashCode() {
    return text.hashCode() + 31 * zone.hashCode();
  }

  @Override
  public String toString() {
    return text + " " + zone;
  }
}
