package dev.cmmshub.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  private static final Duration SOON = Duration.ofSeconds(2);
  private static final int MEGA = 1 << 20;

  @BeforeAll
  static void loadClasses() {
    assertThatThrownBy(() -> Json.read("{".getBytes(UTF_8)))
        .isInstanceOf(MalformedPayloadException.class);
  }

  static Stream<Arguments> hostile() {
    return Stream.of(
        Arguments.of("arrays 100,000 deep", "[".repeat(100_000), "nesting depth"),
        Arguments.of("objects 100,000 deep", "{\"a\":".repeat(100_000), "nesting depth"),
        Arguments.of("one level too many", "[".repeat(65) + "]".repeat(65), "nesting depth"),
        Arguments.of("a number of 1 MB", "[" + "1".repeat(MEGA) + "]", "Number value length"),
        Arguments.of("a fraction of 1 MB", "[0." + "1".repeat(MEGA) + "]", "Number value length"),
        Arguments.of("a text of 2 MB", "\"" + "x".repeat(2 * MEGA) + "\"", "String value length"),
        Arguments.of("a key twice", "{\"a\":1,\"a\":2}", "Duplicate field 'a'"),
        Arguments.of("two documents", "{} {}", "Trailing token"),
        Arguments.of("no end", "{\"a\": [1, 2", "Unexpected end-of-input"),
        Arguments.of("not a number", "[NaN]", "NaN"),
        Arguments.of("a comment", "[1 /* one */]", "not valid JSON"),
        Arguments.of("nothing", "", "expected a JSON document"),
        Arguments.of("blanks", " \n ", "expected a JSON document"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("hostile")
  void isRefusedSoonAndWithAReason(String name, String document, String reason) {
    byte[] bytes = document.getBytes(UTF_8);
    assertTimeoutPreemptively(
        SOON,
        () ->
            assertThatThrownBy(() -> Json.read(bytes))
                .isInstanceOf(MalformedPayloadException.class)
                .hasMessageContaining(reason)
                .message()
                .doesNotContain("Source", "StreamReadFeature")
                .hasSizeLessThan(500));
  }

  @Test
  void bytesThatAreNotUtf8AreRefused() {
    assertThatThrownBy(() -> Json.read("{\"a\":\"M\u00fcller\"}".getBytes(ISO_8859_1)))
        .isInstanceOf(MalformedPayloadException.class)
        .hasMessageContaining("UTF-8");
  }

  @Test
  void anErrorKnowsItsPlace() {
    MalformedPayloadException refused =
        catchThrowableOfType(
            MalformedPayloadException.class,
            () -> Json.read("{\n  \"a\": 1,\n  b: 2}".getBytes(UTF_8)));
    assertThat(refused.line()).isEqualTo(3);
    assertThat(refused.column()).isEqualTo(3);
    assertThat(refused).hasMessageEndingWith("(line 3, column 3)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[0.1]",
        "[2.50]",
        "[12345678901234567890.1234567890]",
        "[9007199254740993]",
        "[-0.50]",
        "[123456789012345678901234567890]",
        "[true,null,\"M\u00fcller\"]",
      })
  void whatWasReadIsWrittenDigitForDigit(String document) {
    assertThat(new String(Json.write(Json.read(document.getBytes(UTF_8))), UTF_8))
        .isEqualTo(document);
  }

  @Test
  void theDeepestAllowedIsRead() {
    assertThat(Json.read(("[".repeat(64) + "]".repeat(64)).getBytes(UTF_8)).isArray()).isTrue();
  }
}
