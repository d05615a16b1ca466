package dev.cmmshub.store;

import dev.cmmshub.broker.EventBatch;
import dev.cmmshub.message.Event;
import dev.cmmshub.message.FailedEvent;
import dev.cmmshub.message.Failure;
import dev.cmmshub.tenant.Tenant;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Applies a batch: one transaction a shard with inbox and version-guarded upsert.
 *
 * <p>Guarantees: an event is applied once however often it comes; an older version never overwrites
 * a newer one; an event whose object has an earlier one waiting queues behind it in the transaction
 * that would have applied it; a single row the database refuses fails alone; while a shard is away
 * the step waits.
 */
public final class EntityStore {
  private final Shards shards;
  private final Function<String, Optional<Tenant>> tenants;
  private final EntityCache cache;
  private final StoreObserver observer;

  public EntityStore(
      Shards shards,
      Function<String, Optional<Tenant>> tenants,
      EntityCache cache,
      StoreObserver observer) {
    this.shards = shards;
    this.tenants = tenants;
    this.cache = cache;
    this.observer = observer;
  }

  /**
   * Returns the batch with the events observers are to be told of: those that changed an object,
   * and those seen before, since the crash that repeats them may have come before the telling. The
   * keys of its failures are parked first.
   */
  public EventBatch apply(EventBatch batch) {
    hold(batch.failures());
    return apply(batch, true);
  }

  /** The same for events that waited and are the heads of their keys: nothing is before them. */
  public EventBatch applyHeads(EventBatch batch) {
    return apply(batch, false);
  }

  private EventBatch apply(EventBatch batch, boolean queueing) {
    if (batch.events().isEmpty()) {
      return batch;
    }
    BatchTransaction transaction = new BatchTransaction(queueing ? batch : null);
    Map<String, Outcome> outcomes = new HashMap<>();
    List<FailedEvent> refused = new ArrayList<>(0);
    byShard(batch.events())
        .forEach((shard, events) -> apply(shard, events, transaction, outcomes, refused));
    if (queueing) {
      hold(refused);
    }
    List<Event> tell = new ArrayList<>(batch.events().size());
    for (Event event : batch.events()) {
      Outcome outcome = outcomes.get(event.id());
      if (outcome != null) {
        observer.stored(event, outcome, shardOf(event).name());
        if (outcome == Outcome.APPLIED || outcome == Outcome.DUPLICATE) {
          tell.add(event);
        }
      }
    }
    return batch.after(tell, refused);
  }

  private Shard shardOf(Event event) {
    return shards.of(tenants.apply(event.key().tenant()).orElseThrow());
  }

  private Map<Shard, List<Event>> byShard(List<Event> events) {
    Map<Shard, List<Event>> byShard = new LinkedHashMap<>();
    for (Event event : events) {
      byShard.computeIfAbsent(shardOf(event), s -> new ArrayList<>(events.size())).add(event);
    }
    return byShard;
  }

  /** A tenant nobody knows has no shard; its events are dead letters of the topic alone. */
  private void hold(List<FailedEvent> failures) {
    Map<Shard, List<ParkedKeys.Failed>> byShard = new LinkedHashMap<>();
    for (FailedEvent failed : failures) {
      tenants
          .apply(failed.event().key().tenant())
          .ifPresent(
              tenant ->
                  byShard
                      .computeIfAbsent(shards.of(tenant), s -> new ArrayList<>())
                      .add(new ParkedKeys.Failed(Waiting.toBeTransformed(failed.event()), failed)));
    }
    byShard.forEach(EntityStore::hold);
  }

  private static void hold(Shard shard, List<ParkedKeys.Failed> failures) {
    Set<String> owners = new TreeSet<>();
    failures.forEach(failure -> owners.add(failure.waiting().tenant()));
    try {
      Insistence.insist(
          shard.name(),
          () ->
              shard.transaction(
                  owners,
                  connection -> {
                    ParkedKeys.hold(connection, failures);
                    return null;
                  }));
    } catch (SQLException e) {
      throw new IllegalStateException("shard " + shard.name() + " does not take failures", e);
    }
  }

  private void apply(
      Shard shard,
      List<Event> events,
      BatchTransaction transaction,
      Map<String, Outcome> outcomes,
      List<FailedEvent> refused) {
    try {
      outcomes.putAll(Insistence.insist(shard.name(), () -> transaction.run(shard, events, cache)));
    } catch (SQLException e) {
      if (events.size() == 1) {
        refused.add(
            new FailedEvent(
                transaction.arrived(events.get(0)),
                Failure.transform("store", "PostgreSQL refuses the row: " + e.getMessage()),
                1));
        return;
      }
      // Some row of the batch cannot be written: halve until it stands alone.
      int half = events.size() / 2;
      apply(shard, events.subList(0, half), transaction, outcomes, refused);
      apply(shard, events.subList(half, events.size()), transaction, outcomes, refused);
    }
  }
}
