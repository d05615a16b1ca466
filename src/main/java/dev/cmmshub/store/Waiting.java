package dev.cmmshub.store;

import dev.cmmshub.message.Event;
import dev.cmmshub.tenant.DeliveryOrder;

/**
 * Where an event waits when it or an earlier one of its business object failed.
 *
 * @param event as it was when the stage began
 * @param stage {@code transform}, {@code deliver} or {@code poll}
 * @param subscription the observer of a delivery; empty for the other stages
 * @param orderKey events with the same one leave in the order of their versions
 * @param latestOnly whether a newer event takes the place of those that wait
 */
public record Waiting(
    Event event, String stage, String subscription, String orderKey, boolean latestOnly) {
  public static final String TRANSFORM = "transform";
  public static final String DELIVER = "deliver";
  public static final String POLL = "poll";

  /** A polled record that is no event, by itself. */
  public static Waiting toBeRecognised(Event event) {
    return new Waiting(event, POLL, "", POLL + "//" + event.key(), false);
  }

  /** Before the translation; order holds per business object. */
  public static Waiting toBeTransformed(Event event) {
    return new Waiting(event, TRANSFORM, "", TRANSFORM + "//" + event.key(), false);
  }

  /** Before one observer; order holds as its subscription says. */
  public static Waiting toBeDelivered(Event event, String subscription, DeliveryOrder order) {
    String key = DELIVER + '/' + subscription + '/' + event.key();
    return new Waiting(
        event,
        DELIVER,
        subscription,
        order == DeliveryOrder.NONE ? key + '|' + event.id() : key,
        order == DeliveryOrder.LATEST_WINS);
  }

  String tenant() {
    return event.key().tenant();
  }
}
