package dev.cmmshub.broker;

import dev.cmmshub.message.Event;
import dev.cmmshub.message.FailedEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * What one poll brought, on its way through the steps of a route.
 *
 * @param arrived as they were read; what fails or must wait is kept in this form
 * @param events still on their way, ordered per key
 * @param failures of single events; they never fail the batch
 * @param done to be completed once nothing of the batch can be lost any more; its offsets are
 *     committed then and not before. Completed exceptionally, the batch is read again.
 */
public record EventBatch(
    List<Event> arrived,
    List<Event> events,
    List<FailedEvent> failures,
    CompletableFuture<Void> done) {

  public EventBatch(List<Event> events, CompletableFuture<Void> done) {
    this(events, events, List.of(), done);
  }

  /** The events as they arrived, by their ids. */
  public Map<String, Event> arrivedById() {
    Map<String, Event> byId = new HashMap<>();
    arrived.forEach(event -> byId.putIfAbsent(event.id(), event));
    return byId;
  }

  /** The batch after a step: what is left, and what else failed. */
  public EventBatch after(List<Event> remaining, List<FailedEvent> moreFailures) {
    if (moreFailures.isEmpty()) {
      return new EventBatch(arrived, remaining, failures, done);
    }
    List<FailedEvent> all = new ArrayList<>(failures);
    all.addAll(moreFailures);
    return new EventBatch(arrived, remaining, all, done);
  }

  /** Hands the outcome of asynchronous work to {@link #done}. */
  public void completeWith(CompletableFuture<?> work) {
    work.whenComplete(
        (result, error) -> {
          if (error == null) {
            done.complete(null);
          } else {
            done.completeExceptionally(error);
          }
        });
  }
}
