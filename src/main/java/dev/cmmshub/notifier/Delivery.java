package dev.cmmshub.notifier;

import dev.cmmshub.message.Event;
import dev.cmmshub.tenant.Subscription;
import dev.cmmshub.tenant.Tenant;

/**
 * One event for one observer.
 *
 * @param attempt 1 for the first
 */
public record Delivery(Tenant tenant, Subscription subscription, Event event, int attempt) {
  /** The same for every attempt; what duplicates are told by. */
  public String identity() {
    return event.id() + '/' + subscription.id();
  }

  /** Deliveries with the same order key are made one after the other. */
  String orderKey() {
    return subscription.id() + '|' + event.key();
  }

  /** Names the observer in metrics and breakers. */
  public String target() {
    return tenant.id() + '/' + subscription.id();
  }
}
