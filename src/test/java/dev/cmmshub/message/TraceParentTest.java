package dev.cmmshub.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceParentTest {
  private static final String ONE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  @Test
  void itsPartsAreThoseOfTheSpecification() {
    TraceParent one = TraceParent.read(ONE);
    assertThat(one.traceId()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
    assertThat(one.spanId()).isEqualTo("00f067aa0ba902b7");
    assertThat(one.sampled()).isTrue();
    assertThat(one).isEqualTo(TraceParent.of(one.traceId(), one.spanId()));
    assertThat(one.unsampled().value()).isEqualTo(ONE.replaceFirst("01$", "00"));
    assertThat(one.unsampled().sampled()).isFalse();
  }

  @Test
  void onlyTheLastBitSaysWhetherItIsSampled() {
    assertThat(TraceParent.read(ONE.replaceFirst("01$", "03")).sampled()).isTrue();
    assertThat(TraceParent.read(ONE.replaceFirst("01$", "fe")).sampled()).isFalse();
  }

  /** What a later version has behind is not known, what it has in common is. */
  @Test
  void ofALaterVersionWhatIsKnownIsRead() {
    assertThat(TraceParent.read(ONE.replaceFirst("^00", "cc") + "-what-the-future-brings"))
        .isEqualTo(TraceParent.read(ONE));
  }

  @ParameterizedTest
  @NullAndEmptySource
  @ValueSource(
      strings = {
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01 ",
        "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.more",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4bf92f3577b34da6a3ce929d0e0e473\n-00f067aa0ba902b7-01",
        "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "0x-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
      })
  void whatIsNoneIsNull(String text) {
    assertThat(TraceParent.read(text)).isNull();
  }

  @Test
  void anotherCannotBeMade() {
    assertThatThrownBy(() -> new TraceParent("ff" + ONE.substring(2)))
        .hasMessageContaining("traceparent: expected");
  }
}
