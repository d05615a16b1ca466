package dev.cmmshub.notifier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cmmshub.message.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An outcome nobody knows stays unknown until a try that reached the observer settles it. */
class DeliveryTest {
  private static Delivery after(boolean unknown) {
    Delivery any = Deliveries.any();
    return new Delivery(any.tenant(), any.subscription(), any.event(), 2, true, unknown);
  }

  @ParameterizedTest
  @CsvSource({
    "breaker,  true",
    "busy,     true",
    "disabled, true",
    "internal, true",
    "status,   false",
    "mapping,  false",
    "skipped,  false",
    "found,    false",
  })
  void whatWasNotSentSettlesNothing(String errorClass, boolean stillUnknown) {
    DeliveryException failed = Deliveries.failed(errorClass);
    assertThat(after(true).failureOf(failed).unknown()).isEqualTo(stillUnknown);
    assertThat(after(true).failureOf(failed).errorClass()).isEqualTo(errorClass);
    assertThat(after(false).failureOf(failed).unknown()).isFalse();
  }

  @Test
  void aFaultOfTheHubItselfSettlesNothingEither() {
    Failure failure = after(true).failureOf(new IllegalStateException("no such parameter"));
    assertThat(failure.errorClass()).isEqualTo("internal");
    assertThat(failure.unknown()).isTrue();
  }

  /** What a shard keeps is what the next try begins with, after a restart too. */
  @Test
  void aShardKeepsTheClassAsUnknownAndTheReasonInFull() {
    Failure failure = Failure.delivery("sap", "breaker", "open").withUnknownOutcome();
    assertThat(failure.keptClass()).isEqualTo(Failure.UNKNOWN);
    assertThat(failure.keptReason()).isEqualTo("breaker: open");
    assertThat(Failure.kept("deliver", failure.keptClass(), failure.keptReason(), "sap").unknown())
        .isTrue();
    Failure known = Failure.delivery("sap", "timeout", "late");
    assertThat(known.keptClass()).isEqualTo("timeout");
    assertThat(Failure.kept("deliver", known.keptClass(), known.keptReason(), "sap").unknown())
        .isFalse();
  }
}
