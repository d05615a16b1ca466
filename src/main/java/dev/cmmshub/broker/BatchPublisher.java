package dev.cmmshub.broker;

import dev.cmmshub.broker.BatchParts.Part;
import java.util.concurrent.CompletableFuture;

/** The last step of a batch: hands its events on and its failures to the error queue. */
public final class BatchPublisher {
  private final EventPublisher publisher;
  private final ErrorQueue errors;
  private final Topics topics;

  public BatchPublisher(EventPublisher publisher, ErrorQueue errors, Topics topics) {
    this.publisher = publisher;
    this.errors = errors;
    this.topics = topics;
  }

  /** Does not wait: the batch is done once the broker acknowledged all of it. */
  public void publishCanonical(BatchParts<Part> batch) {
    batch.completeWith(this::publish);
  }

  private CompletableFuture<?> publish(Part part) {
    CompletableFuture<Void> published = publisher.publishAll(topics.canonical(), part.events());
    return part.failures().isEmpty()
        ? published
        : CompletableFuture.allOf(published, errors.add(part.failures()));
  }
}
