package dev.cmmshub.tenant;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What of a system is asked for, and how often.
 *
 * @param resource one that the system's connector names
 * @param every from the begin of one round to the begin of the next
 * @param since what changed before is left out; from the beginning when absent
 * @param parameters of the source, instead of the connector's own
 */
public record Poll(
    String resource, Duration every, Optional<Instant> since, Map<String, Secret> parameters) {
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  public Poll {
    parameters = Map.copyOf(parameters);
    if (every.compareTo(SHORTEST) < 0) {
      throw new IllegalArgumentException("expected 1s or more");
    }
  }
}
