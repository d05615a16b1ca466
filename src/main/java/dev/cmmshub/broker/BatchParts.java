package dev.cmmshub.broker;

import dev.cmmshub.message.Event;
import dev.cmmshub.message.FailedEvent;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * A batch whose events go on independently of each other, a shard's at a time: one part that is
 * held up does not hold up another. The batch is done when all parts are.
 *
 * @param batch the whole
 * @param parts what each became; completed by the step that makes it
 */
public record BatchParts<T>(EventBatch batch, List<CompletableFuture<T>> parts) {
  /** What a step leaves of some events of a batch: those that go on, and what failed of them. */
  public record Part(List<Event> events, List<FailedEvent> failures) {}

  /** Sends each part on as soon as it is there; a batch with a failed part is read again. */
  public void completeWith(Function<T, CompletableFuture<?>> onward) {
    batch.completeWith(
        CompletableFuture.allOf(
            parts.stream()
                .map(part -> part.thenCompose(onward::apply))
                .toArray(CompletableFuture[]::new)));
  }
}
