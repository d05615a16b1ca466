package dev.cmmshub.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MomentsTest {
  private static final long YEAR_10000 = 253_402_300_800L;
  private static final long YEAR_0 = -62_167_219_200L;

  @Test
  void writesAndReadsWhatInstantDoes() {
    Random random = new Random(4711);
    int[] steps = {1_000_000_000, 1_000_000, 1_000, 1};
    for (int i = 0; i < 100_000; i++) {
      int step = steps[i % steps.length];
      long seconds = random.nextLong(YEAR_0 - 100_000, YEAR_10000 + 100_000);
      Instant moment =
          Instant.ofEpochSecond(
              i % 3 == 0 ? seconds / 60 * 60 : seconds,
              (long) random.nextInt(1_000_000_000 / step) * step);
      assertThat(Moments.text(moment)).isEqualTo(moment.toString());
      assertThat(Moments.read(moment.toString())).isEqualTo(moment);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-01-31T08:00:00.1Z",
        "2026-01-31T08:00:00.1234567Z",
        "2024-02-29T23:59:59Z",
        "2026-01-31T08:00:00+02:00",
        "2026-01-31t08:00:00z"
      })
  void readsWhatOthersWrite(String text) {
    assertThat(Moments.read(text)).isEqualTo(Instant.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Z",
        "2026-01-31",
        "2026-02-30T08:00:00Z",
        "2026-01-31T08:00Z",
        "2026-01-31T08:00:00.1234567890Z",
        "2026-01-31T25:00:00Z",
        "2026-01-31 08:00:00Z",
        "2026-01-31T08:00:0٣Z"
      })
  void refusesWhatInstantRefuses(String text) {
    assertThatThrownBy(() -> Moments.read(text)).isInstanceOf(DateTimeException.class);
  }
}
