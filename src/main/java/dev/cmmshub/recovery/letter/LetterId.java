package dev.cmmshub.recovery.letter;

import dev.cmmshub.store.Waiting;

/**
 * What identifies a dead letter, also after it was put back and failed again.
 *
 * @param subscription the observer it could not be delivered to; empty for the other stages
 */
public record LetterId(String tenant, String eventId, String stage, String subscription) {
  /** {@code <event id>}, with {@code @<subscription>} behind it for a delivery. */
  @Override
  public String toString() {
    return stage.equals(Waiting.DELIVER) ? eventId + '@' + subscription : eventId;
  }
}
