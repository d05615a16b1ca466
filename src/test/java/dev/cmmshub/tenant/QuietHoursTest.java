package dev.cmmshub.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuietHoursTest {
  @ParameterizedTest
  @CsvSource({
    "08:00-12:00 UTC,            2026-07-01T07:59:59Z,",
    "08:00-12:00 UTC,            2026-07-01T08:00:00Z, PT4H",
    "08:00-12:00 UTC,            2026-07-01T11:59:00Z, PT1M",
    "08:00-12:00 UTC,            2026-07-01T12:00:00Z,",
    "22:00-02:00 UTC,            2026-07-01T23:00:00Z, PT3H",
    "22:00-02:00 UTC,            2026-07-01T01:00:00Z, PT1H",
    "22:00-02:00 UTC,            2026-07-01T12:00:00Z,",
    "22:00-02:00 Europe/Berlin,  2026-07-01T20:00:00Z, PT4H",
    "22:00-02:00 Europe/Berlin,  2026-01-01T20:00:00Z,",
    // The night in which the clock skips an hour is an hour shorter.
    "22:00-04:00 Europe/Berlin,  2026-03-28T21:00:00Z, PT5H",
  })
  void lasts(String hours, Instant now, Duration left) {
    assertThat(QuietHours.of(hours).left(now).orElse(null)).isEqualTo(left);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"22-02 UTC", "25:00-02:00 UTC", "22:00-02:00 Mars/Base", "08:00-08:00 UTC"})
  void whatIsNoneIsRefusedWithAnExample(String text) {
    assertThatThrownBy(() -> QuietHours.of(text))
        .hasMessageContaining(text)
        .hasMessageContaining("22:00-02:00 Europe/Berlin");
  }

  @Test
  void isWrittenAsItIsRead() {
    assertThat(QuietHours.of("22:00-02:00 UTC")).hasToString("22:00-02:00 UTC");
  }
}
