package dev.cmmshub.notifier;

import dev.cmmshub.message.Event;
import dev.cmmshub.message.Failure;
import dev.cmmshub.store.Waiting;
import dev.cmmshub.tenant.Subscription;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.trace.Step;
import java.util.Set;

/**
 * One event for one observer.
 *
 * @param attempt 1 for the first
 * @param parked whether it waited in the shard and is the head of its ordering key
 * @param unknown whether the observer may have applied an earlier attempt
 * @param step this attempt in the trace of the event's way
 */
public record Delivery(
    Tenant tenant,
    Subscription subscription,
    Event event,
    int attempt,
    boolean parked,
    boolean unknown,
    Step step) {
  /** What fails with one of these was not sent, so that an earlier attempt stays as it was. */
  private static final Set<String> SETTLES_NOTHING =
      Set.of("breaker", "busy", "disabled", "gone", "internal", "egress", "budget");

  /** One whose attempt has not begun. */
  public Delivery(
      Tenant tenant,
      Subscription subscription,
      Event event,
      int attempt,
      boolean parked,
      boolean unknown) {
    this(tenant, subscription, event, attempt, parked, unknown, Step.NONE);
  }

  /** This delivery as the attempt begins; what fails now is behind it in the trace. */
  public Delivery begun(Step attemptsStep) {
    return new Delivery(
        tenant, subscription, attemptsStep.carry(event), attempt, parked, unknown, attemptsStep);
  }

  /** A delivery that was never tried. */
  public static Delivery first(Tenant tenant, Subscription subscription, Event event) {
    return new Delivery(tenant, subscription, event, 1, false, false);
  }

  /** What an attempt failed with, as a failure. */
  Failure failureOf(Throwable cause) {
    Failure failure =
        cause instanceof DeliveryException known
            ? known.failure()
            : Failure.delivery(subscription.id(), "internal", cause.toString());
    return unknown && SETTLES_NOTHING.contains(failure.errorClass())
        ? failure.withUnknownOutcome()
        : failure;
  }

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

  /** Where it waits if it is not taken. */
  Waiting waiting() {
    return Waiting.toBeDelivered(event, subscription.id(), subscription.order());
  }
}
