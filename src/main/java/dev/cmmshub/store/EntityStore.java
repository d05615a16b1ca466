package dev.cmmshub.store;

import dev.cmmshub.broker.BatchParts;
import dev.cmmshub.broker.BatchParts.Part;
import dev.cmmshub.broker.EventBatch;
import dev.cmmshub.message.Event;
import dev.cmmshub.message.FailedEvent;
import dev.cmmshub.message.Failure;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.trace.EventSteps;
import dev.cmmshub.trace.Names;
import dev.cmmshub.trace.Step;
import dev.cmmshub.trace.Traces;
import io.opentelemetry.api.trace.SpanKind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Applies a batch: one transaction a shard with inbox and version-guarded upsert.
 *
 * <p>Guarantees: an event is applied once however often it comes; an older version never overwrites
 * a newer one; an event whose object has an earlier one waiting queues behind it in the transaction
 * that would have applied it; a single row the database refuses fails alone; while a shard is away
 * its events wait, and those of other shards go on.
 */
public final class EntityStore {
  private final Shards shards;
  private final Function<String, Optional<Tenant>> tenants;
  private final EntityCache cache;
  private final StoreObserver observer;
  private final ShardLanes lanes;
  private final Traces traces;
  private final MappingsNoted mappings = new MappingsNoted();

  public EntityStore(
      Shards shards,
      Function<String, Optional<Tenant>> tenants,
      EntityCache cache,
      StoreObserver observer,
      ShardLanes lanes,
      Traces traces) {
    this.shards = shards;
    this.tenants = tenants;
    this.cache = cache;
    this.observer = observer;
    this.lanes = lanes;
    this.traces = traces;
  }

  /**
   * Each part is one shard's: the events observers are to be told of, which are those that changed
   * an object, and those seen before, since the crash that repeats them may have come before the
   * telling. The keys of what failed are parked first.
   */
  public BatchParts<Part> apply(EventBatch batch) {
    Map<Shard, List<Event>> events = new LinkedHashMap<>();
    for (Event event : batch.events()) {
      events.computeIfAbsent(shardOf(event), s -> new ArrayList<>()).add(event);
    }
    Map<Shard, List<FailedEvent>> failures = new LinkedHashMap<>();
    List<FailedEvent> homeless = new ArrayList<>(0);
    for (FailedEvent failed : batch.failures()) {
      tenants
          .apply(failed.event().key().tenant())
          .ifPresentOrElse(
              tenant ->
                  failures.computeIfAbsent(shards.of(tenant), s -> new ArrayList<>()).add(failed),
              () -> homeless.add(failed));
    }
    Set<Shard> all = new LinkedHashSet<>(events.keySet());
    all.addAll(failures.keySet());
    List<CompletableFuture<Part>> parts = new ArrayList<>(all.size() + 1);
    for (Shard shard : all) {
      List<Event> own = events.getOrDefault(shard, List.of());
      List<FailedEvent> failed = failures.getOrDefault(shard, List.of());
      parts.add(
          lanes.run(shard, own.size() + failed.size(), () -> apply(shard, own, failed, batch)));
    }
    // A tenant nobody knows has no shard; its events are dead letters of the topic alone.
    parts.add(CompletableFuture.completedFuture(new Part(List.of(), homeless)));
    return new BatchParts<>(batch, parts);
  }

  /**
   * Applies events of one shard that waited and are the heads of their keys: nothing is before
   * them. Waits while the shard is away.
   */
  public Part applyHeads(List<Event> events) {
    return events.isEmpty()
        ? new Part(List.of(), List.of())
        : apply(shardOf(events.get(0)), events, new BatchTransaction(null, mappings));
  }

  private Shard shardOf(Event event) {
    return shards.of(tenants.apply(event.key().tenant()).orElseThrow());
  }

  private Part apply(Shard shard, List<Event> events, List<FailedEvent> failures, EventBatch batch)
      throws SQLException {
    hold(shard, failures);
    Part part = apply(shard, events, new BatchTransaction(batch, mappings));
    hold(shard, part.failures());
    List<FailedEvent> all = new ArrayList<>(failures);
    all.addAll(part.failures());
    return new Part(part.events(), all);
  }

  private Part apply(Shard shard, List<Event> events, BatchTransaction transaction) {
    Map<String, Outcome> outcomes = new HashMap<>();
    List<FailedEvent> refused = new ArrayList<>(0);
    EventSteps steps = traces.beginAll("store", SpanKind.INTERNAL, events);
    if (!events.isEmpty()) {
      apply(shard, events, transaction, outcomes, refused);
    }
    List<Event> tell = new ArrayList<>(events.size());
    for (int i = 0; i < events.size(); i++) {
      Step step = steps.at(i).put(Names.SHARD, shard.name());
      Event event = step.carry(events.get(i));
      Outcome outcome = outcomes.get(event.id());
      if (outcome == null) {
        step.fail("store");
        continue;
      }
      observer.stored(event, outcome, shard.name());
      step.put(Names.OUTCOME, outcome.name()).end();
      if (outcome == Outcome.APPLIED || outcome == Outcome.DUPLICATE) {
        tell.add(event);
      }
    }
    return new Part(tell, refused);
  }

  private static void hold(Shard shard, List<FailedEvent> failures) throws SQLException {
    if (failures.isEmpty()) {
      return;
    }
    Set<String> owners = new TreeSet<>();
    List<ParkedKeys.Failed> held = new ArrayList<>(failures.size());
    for (FailedEvent failed : failures) {
      owners.add(failed.event().key().tenant());
      held.add(new ParkedKeys.Failed(Waiting.toBeTransformed(failed.event()), failed));
    }
    Insistence.insist(
        shard.name(),
        () ->
            shard.transaction(
                owners,
                connection -> {
                  ParkedKeys.hold(connection, held);
                  return null;
                }));
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
                transaction.arrived(events.get(0)).withTrace(events.get(0).trace()),
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
