package dev.cmmshub.gateway.throttle;

import dev.cmmshub.tenant.Limits;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.Tenants.Identity;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Decides for each request whether its tenant, and its key if that has limits of its own, may have
 * it. Never waits; {@link Settlement} keeps the nodes together.
 */
public final class Limiter {
  private final Map<String, Allowance> allowances = new ConcurrentHashMap<>();

  /** Outlive a change of limits. */
  private final Map<String, Peaks> peaks = new ConcurrentHashMap<>();

  private final ThrottleObserver observer;
  private final Predicate<Tenant> behind;

  /**
   * @param behind tells of whom too many events wait to be handled
   */
  public Limiter(ThrottleObserver observer, Predicate<Tenant> behind) {
    this.observer = observer;
    this.behind = behind;
  }

  /**
   * Takes what a request needs of its key and its tenant, of both or none.
   *
   * @param size of its body, in bytes
   */
  public Admission enter(Identity identity, long size) {
    Admission admission = decide(identity, size);
    if (admission instanceof Admission.Refused refused) {
      observer.throttled(identity.tenant().id(), refused.limit());
    }
    return admission;
  }

  private Admission decide(Identity identity, long size) {
    String id = identity.tenant().id();
    Allowance tenant = allowance(id, identity.tenant().limits());
    // Who only asks makes nothing wait.
    if (size > 0 && behind.test(identity.tenant())) {
      return tenant.refusedByBacklog();
    }
    Optional<Limits> own = identity.credential().limits();
    if (own.isEmpty()) {
      return tenant.enter(size);
    }
    Allowance key = allowance(id + '/' + identity.credential().id(), own.get());
    if (key.enter(size) instanceof Admission.Refused refused) {
      return refused;
    }
    Admission admission = tenant.enter(size);
    if (admission instanceof Admission.Granted granted) {
      return new Admission.Granted(List.of(key, tenant), granted.policy(), granted.requestsLeft());
    }
    key.takeBack(size);
    return admission;
  }

  /** With other limits it is another one, and begins full. */
  private Allowance allowance(String name, Limits limits) {
    Allowance known = allowances.get(name);
    if (known != null && (known.limits() == limits || known.limits().equals(limits))) {
      return known;
    }
    if (known == null && name.indexOf('/') < 0) {
      observer.begins(name);
    }
    return allowances.compute(
        name, (same, now) -> now != null && now.limits().equals(limits) ? now : made(name, limits));
  }

  private Allowance made(String name, Limits limits) {
    return new Allowance(name, limits, peaks.computeIfAbsent(name, same -> new Peaks()));
  }

  /**
   * The most that was let through within a second, of the last hour at this node.
   *
   * @param name a tenant's id, or that of a tenant and a key that has limits of its own, with a
   *     slash between them
   */
  public Peak peak(String name) {
    Peaks found = peaks.get(name);
    return found == null ? Peak.NONE : found.most();
  }

  /** To be called once a second; {@code second} counts on without going back. */
  void endSecond(long second) {
    peaks.values().forEach(one -> one.endSecond(second));
  }

  /** All buckets there are. */
  Iterable<SharedBucket> buckets() {
    return () ->
        allowances.values().stream().flatMap(allowance -> allowance.buckets().stream()).iterator();
  }
}
