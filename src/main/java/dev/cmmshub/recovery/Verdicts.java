package dev.cmmshub.recovery;

import dev.cmmshub.connector.ErrorRule;
import dev.cmmshub.message.FailedEvent;
import dev.cmmshub.message.Failure;
import dev.cmmshub.tenant.RetryPolicy;
import io.github.resilience4j.core.IntervalFunction;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The one place that decides what becomes of a failure. */
public final class Verdicts {
  private static final double JITTER = 0.2;
  private static final Duration LONGEST_RETRY_AFTER = Duration.ofHours(1);
  private static final Duration AFTER_REST = Duration.ofSeconds(1);
  private static final Duration UNASKED = Duration.ofSeconds(5);

  /** The observer was not asked: its breaker is open, too many wait for it, or it has a rest. */
  private static final Set<String> NOT_ASKED = Set.of("breaker", "busy", "budget");

  /** A tenant that is disabled, a webhook that is gone. */
  private static final Set<String> WAITING = Set.of("disabled", "gone");

  /** Deterministic: the same event fails in the same way again until somebody changes something. */
  private static final Set<String> NEVER =
      Set.of("malformed", "mapping", "schema", "store", "unknown-tenant", "unsubscribed", "egress");

  /** Client errors that pass: timeout, conflict, locked, too early, too many requests. */
  private static final Set<Integer> PASSING = Set.of(408, 409, 423, 425, 429);

  private final Function<FailedEvent, Optional<ErrorRule>> rules;

  /**
   * @param rules gives the error rule a failure names, while the connector has it
   */
  public Verdicts(Function<FailedEvent, Optional<ErrorRule>> rules) {
    this.rules = rules;
  }

  /**
   * Decides by the connector's error rule if the answer matched one, else by the failure's class
   * and the receiver's status; the pauses are the rule's or the tenant's.
   *
   * @param age how long ago the event first failed at this stage
   */
  public Verdict of(FailedEvent failed, RetryPolicy policy, Duration age) {
    Failure failure = failed.failure();
    if (WAITING.contains(failure.errorClass())) {
      // At once, but the retry service takes nothing of it until it is enabled.
      return new Verdict.Later(Duration.ZERO, false);
    }
    Optional<ErrorRule> rule = rules.apply(failed);
    Optional<String> never = never(failure, rule);
    if (never.isPresent()) {
      return new Verdict.Never(never.get());
    }
    if (age.compareTo(policy.maxAge()) > 0) {
      return new Verdict.Never("older than " + policy.maxAge());
    }
    boolean asked = !NOT_ASKED.contains(failure.errorClass());
    Duration after = asked ? pause(failed, schedule(rule, policy)) : unasked(failure);
    return failure.unknown() ? new Verdict.Unknown(after, asked) : new Verdict.Later(after, asked);
  }

  /** Why it can never work. */
  private static Optional<String> never(Failure failure, Optional<ErrorRule> rule) {
    if (rule.isPresent()) {
      return rule.filter(matched -> matched.next() == ErrorRule.Next.NEVER)
          .map(matched -> "rule " + matched.name());
    }
    if (NEVER.contains(failure.errorClass())) {
      return Optional.of(failure.errorClass());
    }
    return failure.status() >= 400 && failure.status() < 500 && !PASSING.contains(failure.status())
        ? Optional.of("status " + failure.status())
        : Optional.empty();
  }

  private static RetryPolicy schedule(Optional<ErrorRule> rule, RetryPolicy policy) {
    return rule.flatMap(ErrorRule::schedule)
        .map(pauses -> new RetryPolicy(pauses, policy.maxAge()))
        .orElse(policy);
  }

  private static Duration pause(FailedEvent failed, RetryPolicy policy) {
    Duration asked = failed.failure().retryAfter();
    if (asked != null) {
      return asked.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : asked;
    }
    return jittered(policy.pauseBefore(failed.attempt()));
  }

  /** A rest that ends for many at once ends for each a little later. */
  private static Duration unasked(Failure failure) {
    Duration rest = failure.retryAfter();
    return rest == null ? jittered(UNASKED) : rest.plus(jittered(AFTER_REST));
  }

  private static Duration jittered(Duration pause) {
    long millis = Math.max(pause.toMillis(), 1);
    return Duration.ofMillis(IntervalFunction.ofRandomized(millis, JITTER).apply(1));
  }
}
