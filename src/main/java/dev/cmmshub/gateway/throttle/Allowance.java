package dev.cmmshub.gateway.throttle;

import dev.cmmshub.tenant.Limits;
import io.github.bucket4j.ConsumptionProbe;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What one tenant, or one key, has left of its limits, as this node knows it. Never waits. */
final class Allowance {
  /** A guess at when some of a backlog is worked off. */
  private static final long DRAINED_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final Limits limits;
  private final String policy;
  private final SharedBucket requests;
  private final SharedBucket bytes;
  private final Peaks peaks;
  private final AtomicInteger inFlight = new AtomicInteger();

  /**
   * @param name of the tenant or key, in Redis
   * @param peaks where it counts what it lets through
   */
  Allowance(String name, Limits limits, Peaks peaks) {
    this.limits = limits;
    this.peaks = peaks;
    this.policy =
        Stream.of(Limit.values())
            .map(limit -> limit.policy(limits))
            .collect(Collectors.joining(", "));
    this.requests =
        new SharedBucket(
            name + ":requests", new Rate(limits.requestsPerSecond(), limits.burst(), 1));
    // A body that is allowed by its size must fit, be it worth more than a second.
    this.bytes =
        new SharedBucket(
            name + ":bytes",
            new Rate(
                limits.bytesPerSecond(),
                Math.max(limits.bytesPerSecond(), limits.maxBody()),
                Math.max(1, limits.maxBody())));
  }

  Limits limits() {
    return limits;
  }

  /**
   * Takes what one request needs, all or nothing.
   *
   * @param size of its body, in bytes
   */
  Admission enter(long size) {
    int atOnce = inFlight.incrementAndGet();
    if (atOnce > limits.inFlight()) {
      leave();
      return refused(Limit.IN_FLIGHT, 0);
    }
    ConsumptionProbe taken = requests.take(1);
    if (!taken.isConsumed()) {
      leave();
      return refused(Limit.REQUESTS, taken.getNanosToWaitForRefill());
    }
    long counted = counted(size);
    if (counted > 0) {
      ConsumptionProbe takenBytes = bytes.take(counted);
      if (!takenBytes.isConsumed()) {
        requests.giveBack(1);
        leave();
        return refused(Limit.BYTES, takenBytes.getNanosToWaitForRefill());
      }
    }
    peaks.count(counted, atOnce);
    return new Admission.Granted(List.of(this), policy, taken.getRemainingTokens());
  }

  /** A body that is too large is refused for that, not for its weight. */
  private long counted(long size) {
    return Math.min(size, limits.maxBody());
  }

  /** Takes nothing: what the tenant sent before has to be handled first. */
  Admission refusedByBacklog() {
    return refused(Limit.BACKLOG, DRAINED_NANOS);
  }

  private Admission.Refused refused(Limit limit, long waitNanos) {
    long seconds = (waitNanos + TimeUnit.SECONDS.toNanos(1) - 1) / TimeUnit.SECONDS.toNanos(1);
    return new Admission.Refused(
        limit, limits, policy, (int) Math.max(1, Math.min(Integer.MAX_VALUE, seconds)));
  }

  /** The request has ended. */
  void leave() {
    inFlight.decrementAndGet();
  }

  /** The request did not take place, since another allowance refused it. */
  void takeBack(long size) {
    leave();
    requests.giveBack(1);
    if (counted(size) > 0) {
      bytes.giveBack(counted(size));
    }
  }

  /** Its buckets. */
  List<SharedBucket> buckets() {
    return List.of(requests, bytes);
  }
}
