package dev.cmmshub.gateway.throttle;

import java.util.List;

/** Remembers what was refused, and whether the node is alone. */
final class Observing implements ThrottleObserver {
  private final List<String> refused;
  private volatile boolean alone;

  Observing(List<String> refused) {
    this.refused = refused;
  }

  boolean isAlone() {
    return alone;
  }

  @Override
  public void begins(String tenant) {}

  @Override
  public void throttled(String tenant, Limit limit) {
    refused.add(tenant + " " + limit.label());
  }

  @Override
  public void alone(boolean isAlone) {
    alone = isAlone;
  }
}
