package dev.cmmshub.gateway.version;

import java.net.URI;
import java.time.Instant;
import java.util.Optional;

/**
 * One version of the HTTP API.
 *
 * @param name first segment of its paths
 * @param deprecation since when nobody should begin to use it; may lie ahead
 * @param sunset from when on it may be gone; not before the deprecation
 * @param link where people read what to do about it
 * @param enforced whether the hub stops answering at the sunset
 * @param successor the version to go to, if there is a newer one
 */
public record ApiVersion(
    String name,
    Optional<Instant> deprecation,
    Optional<Instant> sunset,
    Optional<URI> link,
    boolean enforced,
    Optional<String> successor) {

  /** {@code current}, {@code deprecated} or {@code retired}. */
  String status(Instant now) {
    if (isRetired(now)) {
      return "retired";
    }
    return deprecation.filter(since -> !now.isBefore(since)).isPresent() ? "deprecated" : "current";
  }

  /** Whether it is answered no more. */
  boolean isRetired(Instant now) {
    return enforced && sunset.filter(end -> !now.isBefore(end)).isPresent();
  }
}
