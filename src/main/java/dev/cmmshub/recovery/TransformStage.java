package dev.cmmshub.recovery;

import dev.cmmshub.broker.BatchParts.Part;
import dev.cmmshub.broker.ErrorQueue;
import dev.cmmshub.broker.EventBatch;
import dev.cmmshub.broker.EventPublisher;
import dev.cmmshub.broker.Topics;
import dev.cmmshub.message.Event;
import dev.cmmshub.message.FailedEvent;
import dev.cmmshub.store.EntityStore;
import dev.cmmshub.store.Insistence;
import dev.cmmshub.store.ParkedKeys;
import dev.cmmshub.store.ParkedKeys.Released;
import dev.cmmshub.store.Shard;
import dev.cmmshub.store.Waiting;
import dev.cmmshub.transform.Transformer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** Translates, stores and publishes events that waited, all that are due in one batch. */
public final class TransformStage implements Stage {
  private final Transformer transformer;
  private final EntityStore store;
  private final EventPublisher publisher;
  private final ErrorQueue errors;
  private final Topics topics;
  private final Runnable nowDue;

  /**
   * @param nowDue told when events behind those that passed became due
   */
  public TransformStage(
      Transformer transformer,
      EntityStore store,
      EventPublisher publisher,
      ErrorQueue errors,
      Topics topics,
      Runnable nowDue) {
    this.transformer = transformer;
    this.store = store;
    this.publisher = publisher;
    this.errors = errors;
    this.topics = topics;
    this.nowDue = nowDue;
  }

  @Override
  public CompletableFuture<Void> run(Shard shard, List<FailedEvent> due) {
    Map<String, Integer> attempts = new HashMap<>();
    due.forEach(waited -> attempts.put(waited.event().id(), waited.attempt()));
    List<Event> events = due.stream().map(FailedEvent::event).toList();
    EventBatch batch = transformer.apply(new EventBatch(events, new CompletableFuture<>()));
    Part part = store.applyHeads(batch.events());
    Map<String, Event> arrived = batch.arrivedById();
    List<FailedEvent> failed = new ArrayList<>();
    Set<String> failedIds = new HashSet<>();
    Stream.concat(batch.failures().stream(), part.failures().stream())
        .forEach(
            one -> {
              String id = one.event().id();
              failedIds.add(id);
              failed.add(new FailedEvent(arrived.get(id), one.failure(), attempts.get(id)));
            });
    List<Released> passed =
        events.stream()
            .filter(event -> !failedIds.contains(event.id()))
            .map(event -> new Released(event.key().tenant(), event.id(), Waiting.TRANSFORM, ""))
            .toList();
    return CompletableFuture.allOf(
        errors.add(failed),
        publisher
            .publishAll(topics.canonical(), part.events())
            .thenRunAsync(() -> release(shard, passed)));
  }

  private void release(Shard shard, List<Released> passed) {
    if (passed.isEmpty()) {
      return;
    }
    Set<String> tenants = new HashSet<>();
    passed.forEach(released -> tenants.add(released.tenant()));
    try {
      int due =
          Insistence.insist(
              shard.name(),
              () ->
                  shard.transaction(tenants, connection -> ParkedKeys.release(connection, passed)));
      if (due > 0) {
        nowDue.run();
      }
    } catch (SQLException e) {
      throw new IllegalStateException("shard " + shard.name() + " does not release", e);
    }
  }
}
