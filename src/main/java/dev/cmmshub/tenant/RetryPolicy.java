package dev.cmmshub.tenant;

import java.time.Duration;
import java.util.List;

/**
 * When something that may work later is tried again.
 *
 * @param schedule pause before the first, second, … retry; the last one repeats
 * @param maxAge after this long since the first failure nothing is tried any more
 */
public record RetryPolicy(List<Duration> schedule, Duration maxAge) {
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(
          List.of(
              Duration.ofSeconds(5),
              Duration.ofSeconds(30),
              Duration.ofMinutes(2),
              Duration.ofMinutes(10),
              Duration.ofHours(1),
              Duration.ofHours(4),
              Duration.ofHours(12)),
          Duration.ofHours(72));

  public RetryPolicy {
    if (schedule.isEmpty() || schedule.stream().anyMatch(pause -> pause.isNegative())) {
      throw new IllegalArgumentException("retry.schedule: expected at least one pause, such as 5s");
    }
    schedule = List.copyOf(schedule);
  }

  /** The pause before retry number {@code attempt} (1-based). */
  public Duration pauseBefore(int attempt) {
    return schedule.get(Math.min(Math.max(attempt, 1), schedule.size()) - 1);
  }
}
