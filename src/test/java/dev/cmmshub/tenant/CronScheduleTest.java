package dev.cmmshub.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clocks go on in Berlin on 29 March 2026 from 2 to 3, and back on 25 October from 3 to 2. */
class CronScheduleTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // What is daily is there once on each day, also when its hour is not or is there twice.
        "30 2 * * *     | 2026-03-28T00:00+01:00 | 2026-03-28T02:30+01:00 2026-03-29T03:30+02:00 2026-03-30T02:30+02:00",
        "30 2 * * *     | 2026-10-24T00:00+02:00 | 2026-10-24T02:30+02:00 2026-10-25T02:30+02:00 2026-10-26T02:30+01:00",
        "0 * * * *      | 2026-03-29T00:30+01:00 | 2026-03-29T01:00+01:00 2026-03-29T03:00+02:00 2026-03-29T04:00+02:00",
        "0 * * * *      | 2026-10-25T01:30+02:00 | 2026-10-25T02:00+02:00 2026-10-25T03:00+01:00 2026-10-25T04:00+01:00",
        // Asked in the hour that is put on: the one that was moved is still to come.
        "30 2 * * *     | 2026-03-29T03:10+02:00 | 2026-03-29T03:30+02:00 2026-03-30T02:30+02:00",
        "0 2 * * mon-fri| 2026-11-27T12:00+01:00 | 2026-11-30T02:00+01:00 2026-12-01T02:00+01:00",
        "0 2 * * 7      | 2026-11-27T12:00+01:00 | 2026-11-29T02:00+01:00 2026-12-06T02:00+01:00",
        // Either day will do.
        "0 2 1 * 1      | 2026-11-27T12:00+01:00 | 2026-11-30T02:00+01:00 2026-12-01T02:00+01:00 2026-12-07T02:00+01:00",
        "*/20 8-9 * 1 * | 2026-11-27T12:00+01:00 | 2027-01-01T08:00+01:00 2027-01-01T08:20+01:00",
        "5,10 0 29 2 *  | 2026-11-27T12:00+01:00 | 2028-02-29T00:05+01:00 2028-02-29T00:10+01:00",
      })
  void itsTimesAreThoseOfTheWall(String text, String from, String expected) {
    CronSchedule schedule = CronSchedule.of(text, BERLIN);
    List<Instant> times =
        List.of(expected.split(" ")).stream().map(CronScheduleTest::instant).toList();
    List<Instant> forward = new ArrayList<>();
    Optional<Instant> next = schedule.next(instant(from));
    while (forward.size() < times.size()) {
      forward.add(next.orElseThrow());
      next = schedule.next(next.get());
    }
    assertThat(forward).isEqualTo(times);
    List<Instant> back = new ArrayList<>();
    Optional<Instant> last = schedule.last(times.get(times.size() - 1));
    while (back.size() < times.size()) {
      back.add(last.orElseThrow());
      last = schedule.last(last.get().minusSeconds(1));
    }
    Collections.reverse(back);
    assertThat(back).as("the same backwards").isEqualTo(times);
  }

  private static Instant instant(String text) {
    return OffsetDateTime.parse(text).toInstant();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "* * * *",
        "0 0 2 * * *",
        "@daily",
        "61 * * * *",
        "0 2 * * 8",
        "a b c d e",
        "0 2 L * *",
        "5-1 * * * *",
        "",
        "*/0 * * * *"
      })
  void whatIsNotCronIsRefused(String text) {
    assertThatThrownBy(() -> CronSchedule.of(text, BERLIN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("'" + text + "': expected minute, hour");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0 2 31 2 *", "0 2 30 2 *"})
  void whatNeverComesIsRefused(String text) {
    assertThatThrownBy(() -> CronSchedule.of(text, BERLIN)).hasMessageContaining("never");
  }
}
