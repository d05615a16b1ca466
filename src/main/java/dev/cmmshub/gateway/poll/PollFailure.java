package dev.cmmshub.gateway.poll;

import dev.cmmshub.egress.EgressRefusedException;
import dev.cmmshub.message.RetryAfter;
import io.github.resilience4j.core.IntervalFunction;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.kafka.common.KafkaException;

/**
 * Why a page was not read, and how long to wait.
 *
 * @param reason what to tell an operator; never a body or a secret
 * @param shortest pause that the system asks for, or zero
 * @param refused the system does not accept the sign-in
 * @param mayPass whether the same may work later, without anybody changing a mapping
 */
public record PollFailure(String reason, Duration shortest, boolean refused, boolean mayPass) {
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofMinutes(5);
  private static final Duration LONGEST_ASKED = Duration.ofHours(1);

  /** Systems lock users that sign in wrongly again and again. */
  private static final Duration REFUSED = Duration.ofMinutes(15);

  private static final IntervalFunction PAUSES =
      IntervalFunction.ofExponentialRandomBackoff(FIRST, 2, 0.2, LONGEST);

  public static PollFailure of(Throwable error) {
    for (Throwable t = error; t != null; t = t.getCause()) {
      if (t instanceof HttpOperationFailedException http) {
        int status = http.getStatusCode();
        return new PollFailure(
            "the system answered " + status + " " + http.getStatusText(),
            retryAfter(http.getResponseHeaders()),
            status == 401 || status == 403,
            true);
      }
      if (t instanceof EgressRefusedException) {
        return here(t.getMessage());
      }
      if (t instanceof SocketTimeoutException) {
        return here("the system did not answer in time");
      }
      if (t instanceof IOException) {
        return here(t.getClass().getSimpleName() + ": " + t.getMessage());
      }
      if (t instanceof KafkaException) {
        return here("the event broker did not acknowledge in time");
      }
      if (t instanceof SQLException) {
        return here("the tenant's shard does not answer: " + t.getMessage());
      }
    }
    return new PollFailure(String.valueOf(error.getMessage()), Duration.ZERO, false, false);
  }

  private static PollFailure here(String reason) {
    return new PollFailure(reason, Duration.ZERO, false, true);
  }

  private static Duration retryAfter(Map<String, String> headers) {
    Duration asked = RetryAfter.in(headers);
    if (asked == null) {
      return Duration.ZERO;
    }
    return asked.compareTo(LONGEST_ASKED) > 0 ? LONGEST_ASKED : asked;
  }

  /**
   * From one second doubling to five minutes, varied by 20 %.
   *
   * @param failures how many in a row
   */
  public Duration pause(int failures) {
    if (refused) {
      return REFUSED;
    }
    Duration pause = Duration.ofMillis(PAUSES.apply(failures));
    return pause.compareTo(shortest) < 0 ? shortest : pause;
  }
}
