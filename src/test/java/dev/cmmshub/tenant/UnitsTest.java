package dev.cmmshub.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {
  @ParameterizedTest
  @CsvSource({
    "500ms, PT0.5S",
    "5s, PT5S",
    "2m, PT2M",
    "72h, PT72H",
    "0s, PT0S",
    "' 5 s ', PT5S",
    "999999999999h, PT999999999999H"
  })
  void durationsHaveAUnit(String text, Duration duration) {
    assertThat(Units.duration(text)).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "5", "5d", "5S", "-5s", "5.5s", "s", "5s5s", "1h 5m", "9999999999999s"})
  void anythingElseIsNoDuration(String text) {
    assertThatThrownBy(() -> Units.duration(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'" + text + "': expected a duration such as 500ms, 5s, 2m or 4h");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "17, 17",
    "17B, 17",
    "64kB, 65536",
    "64 KB, 65536",
    "2MB, 2097152",
    "10GB, 10737418240"
  })
  void sizesAreInBytes(String text, long bytes) {
    assertThat(Units.bytes(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "2TB", "-1", "2.5MB", "MB", "2 M B"})
  void anythingElseIsNoSize(String text) {
    assertThatThrownBy(() -> Units.bytes(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'" + text + "': expected a size such as 64kB or 2MB");
  }
}
