package dev.cmmshub.gateway.throttle;

/**
 * The most that one tenant, or one key, used of late at this node.
 *
 * @param requests within a second
 * @param bytes of bodies within a second
 * @param inFlight requests at once
 * @param body bytes of the largest
 */
public record Peak(long requests, long bytes, long inFlight, long body) {
  static final Peak NONE = new Peak(0, 0, 0, 0);

  Peak or(Peak other) {
    return new Peak(
        Math.max(requests, other.requests),
        Math.max(bytes, other.bytes),
        Math.max(inFlight, other.inFlight),
        Math.max(body, other.body));
  }
}
