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
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Applies a batch: one transaction a shard with inbox and version-guarded upsert.
 *
 * <p>Guarantees: an event is applied once however often it comes; an older version never overwrites
 * a newer one; a single row the database refuses fails alone; while a shard is away the step waits.
 */
public final class EntityStore {
  private final Shards shards;
  private final Function<String, Tenant> tenants;
  private final EntityCache cache;
  private final StoreObserver observer;

  /**
   * @param tenants gives the tenant of an event that was let in
   */
  public EntityStore(
      Shards shards, Function<String, Tenant> tenants, EntityCache cache, StoreObserver observer) {
    this.shards = shards;
    this.tenants = tenants;
    this.cache = cache;
    this.observer = observer;
  }

  /**
   * Returns the batch with the events observers are to be told of: those that changed an object,
   * and those seen before, since the crash that repeats them may have come before the telling.
   */
  public EventBatch apply(EventBatch batch) {
    if (batch.events().isEmpty()) {
      return batch;
    }
    Map<String, Outcome> outcomes = new HashMap<>();
    List<FailedEvent> refused = new ArrayList<>(0);
    byShard(batch.events()).forEach((shard, events) -> apply(shard, events, outcomes, refused));
    List<Event> tell = new ArrayList<>(batch.events().size());
    for (Event event : batch.events()) {
      Outcome outcome = outcomes.get(event.id());
      if (outcome != null) {
        observer.stored(event, outcome, shards.of(tenants.apply(event.key().tenant())).name());
        if (outcome != Outcome.STALE) {
          tell.add(event);
        }
      }
    }
    return batch.after(tell, refused);
  }

  private Map<Shard, List<Event>> byShard(List<Event> events) {
    Map<Shard, List<Event>> byShard = new LinkedHashMap<>();
    for (Event event : events) {
      Shard shard = shards.of(tenants.apply(event.key().tenant()));
      byShard.computeIfAbsent(shard, s -> new ArrayList<>(events.size())).add(event);
    }
    return byShard;
  }

  private void apply(
      Shard shard, List<Event> events, Map<String, Outcome> outcomes, List<FailedEvent> refused) {
    try {
      outcomes.putAll(Insistence.insist(shard.name(), () -> applyOnce(shard, events)));
    } catch (SQLException e) {
      if (events.size() == 1) {
        refused.add(
            new FailedEvent(
                events.get(0),
                Failure.transform("store", "PostgreSQL refuses the row: " + e.getMessage()),
                1));
        return;
      }
      // Some row of the batch cannot be written: halve until it stands alone.
      apply(shard, events.subList(0, events.size() / 2), outcomes, refused);
      apply(shard, events.subList(events.size() / 2, events.size()), outcomes, refused);
    }
  }

  private Map<String, Outcome> applyOnce(Shard shard, List<Event> events) throws SQLException {
    Set<String> owners = new TreeSet<>();
    events.forEach(event -> owners.add(event.key().tenant()));
    Map<String, EntityVersion> newest = new LinkedHashMap<>();
    Map<String, Outcome> outcomes =
        shard.transaction(
            owners,
            connection -> {
              Set<String> fresh = EntityRows.insertInbox(connection, events);
              newest.putAll(newest(events, fresh));
              Set<String> changed = EntityRows.upsert(connection, newest.values());
              Map<String, Outcome> found = outcomes(events, fresh, newest, changed);
              EntityRows.markStale(connection, having(found, Outcome.STALE));
              // What was stale once is so each time it comes.
              EntityRows.stale(connection, having(found, Outcome.DUPLICATE))
                  .forEach(id -> found.put(id, Outcome.STALE));
              return found;
            });
    cache.invalidate(newest.values());
    return outcomes;
  }

  private static List<String> having(Map<String, Outcome> outcomes, Outcome wanted) {
    return outcomes.entrySet().stream()
        .filter(entry -> entry.getValue() == wanted)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The highest version of each object among the events not seen before. */
  private static Map<String, EntityVersion> newest(List<Event> events, Set<String> fresh) {
    Map<String, EntityVersion> newest = new LinkedHashMap<>();
    for (Event event : events) {
      if (fresh.contains(event.id())) {
        EntityVersion version = EntityVersion.of(event);
        newest.merge(
            version.id(), version, (a, b) -> b.event().version() >= a.event().version() ? b : a);
      }
    }
    return newest;
  }

  private static Map<String, Outcome> outcomes(
      List<Event> events,
      Set<String> fresh,
      Map<String, EntityVersion> newest,
      Set<String> changed) {
    Map<String, Outcome> outcomes = new HashMap<>();
    Map<String, Long> soFar = new HashMap<>();
    for (Event event : events) {
      String object = EntityVersion.of(event).id();
      if (!fresh.contains(event.id())) {
        outcomes.putIfAbsent(event.id(), Outcome.DUPLICATE);
      } else {
        long before = soFar.merge(object, event.version(), Math::max);
        boolean stale = before > event.version() || !changed.contains(object);
        outcomes.putIfAbsent(event.id(), stale ? Outcome.STALE : Outcome.APPLIED);
      }
    }
    return outcomes;
  }
}
