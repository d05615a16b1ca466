package dev.cmmshub.recovery;

import dev.cmmshub.message.FailedEvent;
import dev.cmmshub.message.Failure;
import dev.cmmshub.tenant.RetryPolicy;
import io.github.resilience4j.core.IntervalFunction;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/** The one place that decides what becomes of a failure. */
public final class Verdicts {
  private static final double JITTER = 0.2;
  private static final Duration LONGEST_RETRY_AFTER = Duration.ofHours(1);
  private static final Duration UNASKED = Duration.ofSeconds(5);

  /** The observer was not asked: its breaker is open, or too many wait for it. */
  private static final Set<String> NOT_ASKED = Set.of("breaker", "busy");

  /** Deterministic: the same event fails in the same way again. */
  private static final Set<String> NEVER =
      Set.of("malformed", "mapping", "schema", "store", "unknown-tenant", "unsubscribed");

  /** Client errors that pass: timeout, conflict, locked, too early, too many requests. */
  private static final Set<Integer> PASSING = Set.of(408, 409, 423, 425, 429);

  private final Clock clock;

  public Verdicts(Clock clock) {
    this.clock = clock;
  }

  /**
   * Decides by the failure's class, the receiver's status and the tenant's schedule.
   *
   * @param firstFailedAt when the event first failed at this stage
   */
  public Verdict of(FailedEvent failed, RetryPolicy policy, Instant firstFailedAt) {
    Failure failure = failed.failure();
    if (failure.errorClass().equals("disabled")) {
      // At once, but the retry service takes nothing of a disabled tenant.
      return new Verdict.Later(Duration.ZERO, false);
    }
    if (NEVER.contains(failure.errorClass())) {
      return new Verdict.Never(failure.errorClass());
    }
    if (failure.status() >= 400 && failure.status() < 500 && !PASSING.contains(failure.status())) {
      return new Verdict.Never("status " + failure.status());
    }
    if (firstFailedAt.plus(policy.maxAge()).isBefore(clock.instant())) {
      return new Verdict.Never("older than " + policy.maxAge());
    }
    boolean asked = !NOT_ASKED.contains(failure.errorClass());
    return new Verdict.Later(asked ? pause(failed, policy) : jittered(UNASKED), asked);
  }

  private static Duration pause(FailedEvent failed, RetryPolicy policy) {
    Duration asked = failed.failure().retryAfter();
    if (asked != null) {
      return asked.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : asked;
    }
    return jittered(policy.pauseBefore(failed.attempt()));
  }

  private static Duration jittered(Duration pause) {
    long millis = Math.max(pause.toMillis(), 1);
    return Duration.ofMillis(IntervalFunction.ofRandomized(millis, JITTER).apply(1));
  }
}
