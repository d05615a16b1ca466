package dev.cmmshub.tenant;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How much one tenant, or one key of it, may use.
 *
 * @param maxBody largest accepted body, in bytes
 * @param requestsPerSecond requests a second in the long run
 * @param burst requests at once after a rest
 * @param bytesPerSecond bytes of bodies a second
 * @param inFlight requests being worked on at once, at each node
 * @param backlog events that may wait in Kafka; nothing more is taken until fewer do
 */
public record Limits(
    long maxBody,
    int requestsPerSecond,
    int burst,
    long bytesPerSecond,
    int inFlight,
    int backlog) {
  /** What holds where tenants.yaml says nothing. */
  public static final Limits DEFAULT = new Limits(2L << 20, 1000, 2000, 50L << 20, 5000, 50_000);

  /** Buckets refill by one byte a nanosecond at most. */
  public static final long MOST_BYTES_PER_SECOND = 900L << 20;

  public Limits {
    if (maxBody < 0) {
      throw new IllegalArgumentException("maxBody: " + maxBody + ": expected 0 or more bytes");
    }
    positive("requestsPerSecond", requestsPerSecond);
    positive("burst", burst);
    positive("bytesPerSecond", bytesPerSecond);
    positive("inFlight", inFlight);
    positive("backlog", backlog);
    if (bytesPerSecond > MOST_BYTES_PER_SECOND) {
      throw new IllegalArgumentException(
          "bytesPerSecond: " + bytesPerSecond + ": expected 900MB or less");
    }
  }

  /** By its name, how each limit that is another one there changes. */
  Map<String, String> differences(Limits now) {
    Map<String, String> differences = new LinkedHashMap<>();
    note(differences, "requestsPerSecond", requestsPerSecond, now.requestsPerSecond, "");
    note(differences, "burst", burst, now.burst, "");
    note(differences, "bytesPerSecond", bytesPerSecond, now.bytesPerSecond, "");
    note(differences, "inFlight", inFlight, now.inFlight, "");
    note(differences, "backlog", backlog, now.backlog, "");
    note(differences, "maxBody", maxBody, now.maxBody, " bytes");
    return differences;
  }

  private static void note(
      Map<String, String> differences, String name, long old, long now, String unit) {
    if (old != now) {
      differences.put(name, old + " -> " + now + unit);
    }
  }

  private static void positive(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          name
              + ": "
              + value
              + ": expected 1 or more; no number means unlimited, disable a tenant to stop it");
    }
  }
}
