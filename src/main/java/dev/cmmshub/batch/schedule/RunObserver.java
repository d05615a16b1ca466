package dev.cmmshub.batch.schedule;

import dev.cmmshub.store.BatchRun;

/** Hears how runs end. */
@FunctionalInterface
public interface RunObserver {
  /**
   * @param state done or failed
   */
  void ended(BatchRun run, BatchRun.State state);
}
