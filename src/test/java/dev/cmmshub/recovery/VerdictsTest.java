package dev.cmmshub.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cmmshub.connector.ErrorRule;
import dev.cmmshub.message.Event;
import dev.cmmshub.message.EventKey;
import dev.cmmshub.message.FailedEvent;
import dev.cmmshub.message.Failure;
import dev.cmmshub.tenant.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictsTest {
  private static final Instant NOW = Instant.parse("2026-03-06T10:00:00Z");
  private static final RetryPolicy POLICY =
      new RetryPolicy(
          List.of(Duration.ofSeconds(10), Duration.ofMinutes(10)), Duration.ofHours(72));

  private final Verdicts verdicts = new Verdicts(failed -> Optional.empty());

  private static FailedEvent failed(
      String errorClass, int status, Duration retryAfter, int attempt) {
    Event event =
        new Event(
            "id",
            Event.type("part", "changed"),
            "part/x",
            new EventKey("acme", "sap", "part", "1"),
            1,
            NOW,
            "application/json",
            null,
            "c",
            null,
            new byte[0]);
    return new FailedEvent(
        event, new Failure("deliver", errorClass, "why", status, retryAfter, "hook"), attempt);
  }

  private Verdict of(String errorClass, int status, Duration age) {
    return verdicts.of(failed(errorClass, status, null, 1), POLICY, age);
  }

  private Duration pause(int attempt, Duration retryAfter) {
    Verdict verdict =
        verdicts.of(failed("status", 503, retryAfter, attempt), POLICY, Duration.ZERO);
    return ((Verdict.Later) verdict).after();
  }

  @ParameterizedTest
  @CsvSource({
    // What the same event will run into again.
    "malformed,      0,   never",
    "mapping,        0,   never",
    "schema,         0,   never",
    "store,          0,   never",
    "unknown-tenant, 0,   never",
    "unsubscribed,   0,   never",
    "egress,         0,   never",
    "status,         400, never",
    "status,         401, never",
    "status,         403, never",
    "status,         404, never",
    "status,         410, never",
    "gone,           410, later",
    "status,         413, never",
    "status,         422, never",
    "status,         451, never",
    // What may pass.
    "status,         408, later",
    "status,         409, later",
    "status,         423, later",
    "status,         425, later",
    "status,         429, later",
    "status,         301, later",
    "status,         500, later",
    "status,         502, later",
    "status,         503, later",
    "status,         504, later",
    "timeout,        0,   later",
    "connection,     0,   later",
    "breaker,        0,   later",
    "busy,           0,   later",
    "disabled,       0,   later",
    "internal,       0,   later",
    // Classes nobody has thought of yet: better once too often than lost.
    "novelty,        0,   later",
  })
  void classAndStatusDecide(String errorClass, int status, String verdict) {
    assertThat(of(errorClass, status, Duration.ZERO))
        .isInstanceOf(verdict.equals("never") ? Verdict.Never.class : Verdict.Later.class);
  }

  @ParameterizedTest
  @CsvSource({"1, 10", "2, 600", "3, 600", "99, 600", "0, 10"})
  void thePauseIsTheSchedulesWithinAFifth(int attempt, long seconds) {
    List<Long> millis =
        IntStream.range(0, 500).mapToObj(i -> pause(attempt, null).toMillis()).toList();
    assertThat(millis).allMatch(ms -> ms >= seconds * 800 && ms <= seconds * 1200);
    assertThat(millis.stream().distinct().count()).as("spread").isGreaterThan(50);
    assertThat(millis).anyMatch(ms -> ms < seconds * 900).anyMatch(ms -> ms > seconds * 1100);
  }

  @Test
  void whatTheReceiverAsksForIsKeptExactly() {
    assertThat(pause(1, Duration.ofSeconds(7))).hasSeconds(7);
    assertThat(pause(9, Duration.ZERO)).isZero();
  }

  @Test
  void noReceiverCanPutAnEventOffForLongerThanAnHour() {
    assertThat(pause(1, Duration.ofHours(1))).hasHours(1);
    assertThat(pause(1, Duration.ofDays(365))).hasHours(1);
  }

  @Test
  void afterItsAgeAnEventIsGivenUp() {
    assertThat(of("timeout", 0, Duration.ofHours(72))).isInstanceOf(Verdict.Later.class);
    assertThat(of("timeout", 0, Duration.ofHours(72).plusSeconds(1)))
        .isEqualTo(new Verdict.Never("older than PT72H"));
    FailedEvent asked = failed("status", 429, Duration.ofSeconds(5), 1);
    assertThat(verdicts.of(asked, POLICY, Duration.ofDays(30))).isInstanceOf(Verdict.Never.class);
  }

  /** However long a tenant is off, its events wait, and no attempt is burned. */
  @Test
  void aDisabledTenantsEventsNeverAge() {
    assertThat(of("disabled", 0, Duration.ofDays(300)))
        .isEqualTo(new Verdict.Later(Duration.ZERO, false));
  }

  @Test
  void theReasonIsTold() {
    assertThat(of("status", 422, Duration.ZERO)).isEqualTo(new Verdict.Never("status 422"));
    assertThat(of("schema", 0, Duration.ZERO)).isEqualTo(new Verdict.Never("schema"));
  }

  @Test
  void aScheduleWithoutPausesMeansAtOnce() {
    RetryPolicy none = new RetryPolicy(List.of(Duration.ZERO), Duration.ofHours(1));
    Verdict verdict = verdicts.of(failed("timeout", 0, null, 1), none, Duration.ZERO);
    assertThat(((Verdict.Later) verdict).after()).isLessThan(Duration.ofMillis(10));
  }

  private static Verdict byRule(ErrorRule.Next next, List<Duration> schedule, Failure failure) {
    ErrorRule rule =
        new ErrorRule(
            "rule", List.of(), Optional.empty(), next, Optional.ofNullable(schedule), "own", "");
    Verdicts ruled = new Verdicts(failed -> Optional.of(rule));
    return ruled.of(
        new FailedEvent(failed("own", 0, null, 1).event(), failure, 1),
        POLICY,
        Duration.ofSeconds(1));
  }

  private static Failure answered(int status, Duration retryAfter) {
    return new Failure("deliver", "own", "why", status, retryAfter, "sap", "rule", false);
  }

  @Test
  void aRuleDecidesInsteadOfTheStatus() {
    assertThat(byRule(ErrorRule.Next.NEVER, null, answered(503, null)))
        .isEqualTo(new Verdict.Never("rule rule"));
    assertThat(byRule(ErrorRule.Next.NEVER, null, answered(200, null)))
        .isEqualTo(new Verdict.Never("rule rule"));
    assertThat(byRule(ErrorRule.Next.LATER, null, answered(400, null)))
        .isInstanceOf(Verdict.Later.class);
    assertThat(byRule(ErrorRule.Next.UNKNOWN, null, answered(400, null).withUnknownOutcome()))
        .isInstanceOf(Verdict.Unknown.class);
  }

  @Test
  void aRuleCanHaveAScheduleOfItsOwnAndTheReceiverAWordInIt() {
    List<Duration> hours = List.of(Duration.ofHours(2), Duration.ofHours(4));
    Verdict later = byRule(ErrorRule.Next.LATER, hours, answered(400, null));
    assertThat(((Verdict.Later) later).after())
        .isBetween(Duration.ofMinutes(96), Duration.ofMinutes(144));
    Verdict asked = byRule(ErrorRule.Next.LATER, hours, answered(400, Duration.ofSeconds(3)));
    assertThat(asked).isEqualTo(new Verdict.Later(Duration.ofSeconds(3), true));
  }

  @Test
  void whatIsDisabledOrTooOldIsSoUnderAnyRule() {
    Failure disabled = Failure.delivery("sap", "disabled", "why");
    assertThat(byRule(ErrorRule.Next.NEVER, null, disabled))
        .isEqualTo(new Verdict.Later(Duration.ZERO, false));
    assertThat(
            verdicts.of(
                new FailedEvent(
                    failed("timeout", 0, null, 1).event(),
                    Failure.delivery("sap", "timeout", "why").withUnknownOutcome(),
                    1),
                POLICY,
                Duration.ofDays(30)))
        .isEqualTo(new Verdict.Never("older than PT72H"));
  }

  @ParameterizedTest
  @CsvSource({"timeout, true", "connection, true", "status, true", "breaker, false", "busy, false"})
  void anUnknownOutcomeIsTriedLikeAnyOther(String errorClass, boolean burned) {
    Failure failure = Failure.delivery("sap", errorClass, "why").withUnknownOutcome();
    Verdict verdict =
        verdicts.of(
            new FailedEvent(failed("timeout", 0, null, 1).event(), failure, 2),
            POLICY,
            Duration.ZERO);
    assertThat(((Verdict.Unknown) verdict).burned()).isEqualTo(burned);
    assertThat(((Verdict.Unknown) verdict).after())
        .isBetween(Duration.ofSeconds(burned ? 480 : 4), Duration.ofSeconds(burned ? 720 : 6));
  }
}
