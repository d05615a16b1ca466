package dev.cmmshub.recovery;

import dev.cmmshub.message.FailedEvent;
import dev.cmmshub.store.Shard;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A step that can be run again for events that waited, each the head of its ordering key. */
@FunctionalInterface
public interface Stage {
  /**
   * Runs the step for this attempt. Completes when each event is safe elsewhere: it passed and was
   * released, so that the next of its key is due, or it is in the error queue again.
   *
   * @param shard where the events waited
   */
  CompletableFuture<Void> run(Shard shard, List<FailedEvent> due);
}
