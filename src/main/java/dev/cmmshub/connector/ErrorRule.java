package dev.cmmshub.connector;

import com.google.re2j.Pattern;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What one kind of a system's answers means, as its connector's manifest says.
 *
 * @param name unique in its connector; a failure carries it
 * @param statuses HTTP statuses it applies to; none means every answer but 2xx
 * @param body what has to be found in the beginning of the answer's body (RE2: linear in its
 *     length)
 * @param next what happens with the event
 * @param schedule pauses of its own instead of the tenant's
 * @param errorClass the failure's class
 * @param reason what an operator is told
 */
public record ErrorRule(
    String name,
    List<Statuses> statuses,
    Optional<Pattern> body,
    Next next,
    Optional<List<Duration>> schedule,
    String errorClass,
    String reason) {
  /** The statuses from one to another, both included. */
  public record Statuses(int from, int to) {
    boolean contains(int status) {
      return from <= status && status <= to;
    }
  }

  /** What happens with an event whose delivery was answered so. */
  public enum Next {
    /** It is a dead letter at once. */
    NEVER,
    /** It is tried again. */
    LATER,
    /** It is tried again, but the system is asked first whether it has it. */
    UNKNOWN
  }

  public ErrorRule {
    statuses = List.copyOf(statuses);
    schedule = schedule.map(List::copyOf);
  }

  boolean matches(int status, String answered) {
    boolean applies =
        statuses.isEmpty()
            ? !isSuccess(status)
            : statuses.stream().anyMatch(range -> range.contains(status));
    return applies && (body.isEmpty() || body.get().matcher(answered).find());
  }

  /** Whether it can turn a success into a failure. */
  boolean judgesSuccess() {
    return statuses.stream().anyMatch(range -> range.to() >= 200 && range.from() < 300);
  }

  private static boolean isSuccess(int status) {
    return status >= 200 && status < 300;
  }
}
