package dev.cmmshub.message;

import java.time.Duration;

/**
 * What went wrong with one event at one step: a fact without a judgement. What happens next is
 * decided in one place only, by {@code recovery}.
 *
 * @param stage the step that failed: {@code transform} or {@code deliver}
 * @param errorClass short, bounded set: {@code malformed}, {@code mapping}, {@code schema}, {@code
 *     status}, {@code timeout}, {@code connection}, {@code breaker}, {@code disabled}, {@code
 *     gone}, {@code egress}, {@code budget}, {@code internal}, and the classes of connectors' error
 *     rules
 * @param reason what to tell an operator; never holds the body or a secret
 * @param status the receiver's HTTP status, 0 when there was none
 * @param retryAfter what the receiver asked for, or null
 * @param subscription the observer a delivery was for, or null
 * @param rule the connector's error rule that the receiver's answer matched, or null
 * @param unknown whether the receiver may have applied what was sent, so that it would be applied
 *     twice if it were sent again
 */
public record Failure(
    String stage,
    String errorClass,
    String reason,
    int status,
    Duration retryAfter,
    String subscription,
    String rule,
    boolean unknown) {

  /** The class kept of a failure with an unknown outcome, until a later try settles it. */
  public static final String UNKNOWN = "unknown";

  private static final int LONGEST_REASON = 1000;

  public Failure {
    reason = reason == null ? errorClass : reason;
    if (reason.length() > LONGEST_REASON) {
      reason = reason.substring(0, LONGEST_REASON);
    }
  }

  /** A failure whose outcome is known and that no rule was made for. */
  public Failure(
      String stage,
      String errorClass,
      String reason,
      int status,
      Duration retryAfter,
      String subscription) {
    this(stage, errorClass, reason, status, retryAfter, subscription, null, false);
  }

  /** A failure of the transform step. */
  public static Failure transform(String errorClass, String reason) {
    return new Failure("transform", errorClass, reason, 0, null, null);
  }

  /** A failed delivery to one observer. */
  public static Failure delivery(String subscription, String errorClass, String reason) {
    return new Failure("deliver", errorClass, reason, 0, null, subscription);
  }

  /** The same failure, when what this or an earlier try sent may have been applied. */
  public Failure withUnknownOutcome() {
    return new Failure(stage, errorClass, reason, status, retryAfter, subscription, rule, true);
  }

  /** The class it waits or lies in a shard with: whoever takes it up has to know of the outcome. */
  public String keptClass() {
    return unknown ? UNKNOWN : errorClass;
  }

  /** The reason that goes with {@link #keptClass}. */
  public String keptReason() {
    return unknown && !errorClass.equals(UNKNOWN) ? errorClass + ": " + reason : reason;
  }

  /** What a shard kept of a failure. */
  public static Failure kept(String stage, String keptClass, String reason, String subscription) {
    return new Failure(
        stage, keptClass, reason, 0, null, subscription, null, keptClass.equals(UNKNOWN));
  }
}
