package dev.cmmshub.recovery;

import dev.cmmshub.message.FailedEvent;
import java.util.concurrent.CompletableFuture;

/** A step that can be run again for one event. */
@FunctionalInterface
public interface Stage {
  /**
   * Runs the step for the next attempt. Completes when the event is safe elsewhere: done, or in the
   * error queue again.
   */
  CompletableFuture<Void> run(FailedEvent failed);
}
