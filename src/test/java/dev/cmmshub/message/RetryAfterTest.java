package dev.cmmshub.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryAfterTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "120                           | -                             | 120",
        "0                             | -                             | 0",
        // Ten minutes later by the receiver's clock, whatever year that has.
        "Wed, 21 Oct 2015 07:38:00 GMT | Wed, 21 Oct 2015 07:28:00 GMT | 600",
        "Wed, 21 Oct 2015 07:28:00 GMT | Wed, 21 Oct 2015 07:28:00 GMT | 0",
        // Nothing sensible.
        "-                             | -                             | -",
        "-5                            | -                             | -",
        "1.5                           | -                             | -",
        "99999999999999999999          | -                             | -",
        "Wed, 21 Oct 2015 07:28:00 GMT | -                             | -",
        "Wed, 21 Oct 2015 07:18:00 GMT | Wed, 21 Oct 2015 07:28:00 GMT | -",
        "Wed, 21 Oct 2015 07:28:00 GMT | yesterday                     | -",
        "tomorrow                      | Wed, 21 Oct 2015 07:28:00 GMT | -",
      })
  void secondsOrADate(String value, String date, Long seconds) {
    assertThat(RetryAfter.of(value, date))
        .isEqualTo(seconds == null ? null : Duration.ofSeconds(seconds));
  }

  @Test
  void namesOfHeadersHaveNoCase() {
    assertThat(RetryAfter.in(Map.of("retry-after", "7"))).hasSeconds(7);
    assertThat(RetryAfter.in(Map.of("Content-Type", "text/plain"))).isNull();
    assertThat(RetryAfter.in(null)).isNull();
  }
}
