package dev.cmmshub.message;

import java.time.Duration;

/**
 * What went wrong with one event at one step: a fact without a judgement. What happens next is
 * decided in one place only, by {@code recovery}.
 *
 * @param stage the step that failed: {@code transform} or {@code deliver}
 * @param errorClass short, bounded set: {@code malformed}, {@code mapping}, {@code schema}, {@code
 *     status}, {@code timeout}, {@code connection}, {@code breaker}, {@code disabled}, {@code
 *     internal}
 * @param reason what to tell an operator; never holds the body or a secret
 * @param status the receiver's HTTP status, 0 when there was none
 * @param retryAfter what the receiver asked for, or null
 * @param subscription the observer a delivery was for, or null
 */
public record Failure(
    String stage,
    String errorClass,
    String reason,
    int status,
    Duration retryAfter,
    String subscription) {

  private static final int LONGEST_REASON = 1000;

  public Failure {
    reason = reason == null ? errorClass : reason;
    if (reason.length() > LONGEST_REASON) {
      reason = reason.substring(0, LONGEST_REASON);
    }
  }

  /** A failure of the transform step. */
  public static Failure transform(String errorClass, String reason) {
    return new Failure("transform", errorClass, reason, 0, null, null);
  }

  /** A failed delivery to one observer. */
  public static Failure delivery(String subscription, String errorClass, String reason) {
    return new Failure("deliver", errorClass, reason, 0, null, subscription);
  }
}
