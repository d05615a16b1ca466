package dev.cmmshub.store;

import dev.cmmshub.message.Event;

/** Hears what became of each event; must return quickly. */
@FunctionalInterface
public interface StoreObserver {
  /**
   * @param shard where the tenant's rows are
   */
  void stored(Event event, Outcome outcome, String shard);
}
