package dev.cmmshub.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How much of a time is working time. 2026-03-27 is a Friday, the clocks change on the 29th. */
class WorkingHoursTest {
  @ParameterizedTest
  @CsvSource({
    "mon-fri 06:00-20:00 Europe/Berlin, 2026-03-27T18:50:00Z, 2026-03-30T04:05:00Z, PT15M",
    "mon-fri 06:00-20:00 Europe/Berlin, 2026-03-28T00:00:00Z, 2026-03-29T23:00:00Z, PT0S",
    "sat-mon 00:00-24:00 Europe/Berlin, 2026-03-27T00:00:00Z, 2026-03-31T00:00:00Z, PT71H",
    "06:00-20:00 UTC, 2026-03-27T05:00:00Z, 2026-03-28T07:30:00Z, PT15H30M",
    "06:00-20:00 Asia/Tokyo, 2026-03-27T00:00:00Z, 2026-03-27T00:10:00Z, PT10M",
    "fri-fri 06:00-07:00 UTC, 2026-03-27T06:30:00Z, 2026-03-27T06:10:00Z, PT0S"
  })
  void onlyWhatIsWithinThemCounts(String text, Instant begin, Instant end, Duration expected) {
    assertThat(WorkingHours.of(text, Set.of()).between(begin, end)).isEqualTo(expected);
  }

  @Test
  void holidaysDoNotCount() {
    WorkingHours hours =
        WorkingHours.of("mon-fri 08:00-09:00 UTC", Set.of(LocalDate.of(2026, 3, 26)));
    assertThat(
            hours.between(
                Instant.parse("2026-03-25T00:00:00Z"), Instant.parse("2026-03-28T00:00:00Z")))
        .isEqualTo(Duration.ofHours(2));
  }

  @Test
  void alwaysIsEveryMinute() {
    assertThat(
            WorkingHours.ALWAYS.between(
                Instant.parse("2026-03-27T23:59:59Z"), Instant.parse("2026-03-29T00:00:01Z")))
        .isEqualTo(Duration.ofHours(24).plusSeconds(2));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "always",
        "06:00-20:00",
        "06:00-20:00 Nowhere/At_All",
        "mon-fry 06:00-20:00 UTC",
        "20:00-06:00 UTC",
        "06:00-06:00 UTC",
        "06:60-20:00 UTC",
        "06:00-24:01 UTC"
      })
  void whatIsNoneIsRefused(String text) {
    assertThatThrownBy(() -> WorkingHours.of(text, Set.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "': expected")
        .hasMessageContaining("mon-fri 06:00-20:00 Europe/Berlin");
  }
}
