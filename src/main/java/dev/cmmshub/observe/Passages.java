package dev.cmmshub.observe;

import dev.cmmshub.message.Event;
import dev.cmmshub.message.FailedEvent;
import dev.cmmshub.message.Failure;
import dev.cmmshub.notifier.Delivery;
import dev.cmmshub.recovery.Verdict;
import dev.cmmshub.store.Outcome;

/**
 * Hears each step of each event's way; every method must return quickly and is called by many
 * threads.
 */
public interface Passages {
  default void accepted(Event event) {}

  default void rejected(String tenant, String code) {}

  default void stored(Event event, Outcome outcome, String shard) {}

  default void delivered(Delivery delivery, long nanos) {}

  default void skipped(Delivery delivery) {}

  default void found(Delivery delivery) {}

  default void queued(Delivery delivery) {}

  default void failed(Delivery delivery, Failure failure) {}

  default void judged(FailedEvent failed, Verdict verdict) {}
}
