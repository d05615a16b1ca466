package dev.cmmshub.batch;

import dev.cmmshub.store.BulkOutcome;

/** Hears of each chunk that is written; must return quickly. */
@FunctionalInterface
public interface BulkObserver {
  /**
   * @param nanos how long the shard took
   */
  void written(String tenant, BulkOutcome outcome, long nanos);
}
