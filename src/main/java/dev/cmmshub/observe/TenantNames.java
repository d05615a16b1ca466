package dev.cmmshub.observe;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Which tenants counters and histograms tell by name: those of the setting, then who comes first,
 * until so many are named; what others do is told together. A name once given stays until the
 * process ends, since a counter that changes what it counts is worth nothing.
 */
public final class TenantNames {
  /** What all others are called; no tenant is. */
  public static final String OTHERS = "(others)";

  private final Map<String, String> named = new ConcurrentHashMap<>();
  private final AtomicInteger left;
  private final int most;

  /**
   * @param most so many are named, besides those of {@code first}
   * @param first named whatever comes
   */
  public TenantNames(int most, Collection<String> first) {
    this.most = most;
    this.left = new AtomicInteger(most);
    first.forEach(tenant -> named.put(tenant, tenant));
    // Requests without a valid key: strangers, and no tenant's.
    named.put("unknown", "unknown");
  }

  /** The tenant's own name, or {@link #OTHERS}. */
  public String of(String tenant) {
    return isNamed(tenant) ? tenant : OTHERS;
  }

  /** A name of something of the tenant, or {@link #OTHERS} as well. */
  public String of(String tenant, String name) {
    return isNamed(tenant) ? name : OTHERS;
  }

  boolean isNamed(String tenant) {
    if (named.containsKey(tenant)) {
      return true;
    }
    // A race for the last name may give none too many: it is taken back.
    if (left.get() <= 0 || left.decrementAndGet() < 0) {
      return false;
    }
    if (named.putIfAbsent(tenant, tenant) != null) {
      left.incrementAndGet();
    }
    return true;
  }

  /** How many gauges name: there it is whoever has most at the moment. */
  public int most() {
    return most;
  }
}
