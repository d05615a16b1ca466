package dev.cmmshub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgesTest {
  @ParameterizedTest
  @CsvSource({
    "PT0.3S,just now",
    "PT-5S,just now",
    "PT90S,90 s ago",
    "PT3M59S,3 min ago",
    "PT119M,119 min ago",
    "PT2H,2 h ago",
    "PT47H,47 h ago",
    "PT49H,2 days ago"
  })
  void areToldAsPeopleDo(Duration age, String said) {
    Instant now = Instant.parse("2026-03-06T10:00:00Z");
    assertThat(Ages.ago(now.minus(age), now)).isEqualTo(said);
  }
}
