package dev.cmmshub.gateway.throttle;

/** Hears how requests are limited; must return quickly. */
public interface ThrottleObserver {
  /** A tenant's requests are counted from now on. */
  void begins(String tenant);

  /** A request of the tenant, with whichever key, was refused. */
  void throttled(String tenant, Limit limit);

  /** Whether this node limits by itself, since Redis is away. */
  void alone(boolean alone);
}
