package dev.cmmshub.store;

import dev.cmmshub.broker.EventBatch;
import dev.cmmshub.message.Event;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What one batch does in one shard, all of it or nothing. */
final class BatchTransaction {
  private final EventBatch batch;
  private final MappingsNoted mappings;
  private Map<String, Event> arrived;

  /**
   * @param batch whose events queue behind earlier ones of their keys, or null when they are heads
   */
  BatchTransaction(EventBatch batch, MappingsNoted mappings) {
    this.batch = batch;
    this.mappings = mappings;
  }

  /** Tells what became of each event, by its id. */
  Map<String, Outcome> run(Shard shard, List<Event> events, EntityCache cache) throws SQLException {
    Set<String> owners = new TreeSet<>();
    events.forEach(event -> owners.add(event.key().tenant()));
    Map<String, EntityVersion> newest = new LinkedHashMap<>();
    Set<MappingsNoted.Place> noted = new HashSet<>();
    Map<String, Outcome> outcomes =
        shard.transaction(
            owners,
            connection -> {
              Map<String, Outcome> queued = new HashMap<>();
              List<Event> free = batch == null ? events : queue(connection, events, queued);
              noted.addAll(mappings.note(shard, connection, free));
              Set<String> fresh = InboxRows.insert(connection, free);
              newest.clear();
              newest.putAll(newest(free, fresh));
              Set<String> changed = EntityRows.upsert(connection, newest.values());
              Map<String, Outcome> found = outcomes(free, fresh, newest, changed);
              InboxRows.markStale(connection, Outcome.STALE.among(found));
              // What was stale once is so each time it comes.
              InboxRows.repeated(connection, Outcome.DUPLICATE.among(found))
                  .forEach(id -> found.put(id, Outcome.STALE));
              found.putAll(queued);
              return found;
            });
    mappings.remember(noted);
    cache.invalidate(List.copyOf(newest.values()));
    return outcomes;
  }

  /** The event as it was before the translation. */
  Event arrived(Event event) {
    if (batch == null) {
      return event;
    }
    if (arrived == null) {
      arrived = batch.arrivedById();
    }
    return arrived.get(event.id());
  }

  /** Queues the events of parked keys, as they arrived, and returns the others. */
  private List<Event> queue(
      Connection connection, List<Event> events, Map<String, Outcome> outcomes)
      throws SQLException {
    List<Waiting> all = events.stream().map(Waiting::toBeTransformed).toList();
    Set<String> parked = new HashSet<>();
    ParkedKeys.among(connection, all).forEach(waiting -> parked.add(waiting.orderKey()));
    if (parked.isEmpty()) {
      return events;
    }
    List<Waiting> later = new ArrayList<>();
    for (int i = 0; i < events.size(); i++) {
      if (parked.contains(all.get(i).orderKey())) {
        later.add(Waiting.toBeTransformed(arrived(events.get(i))));
        outcomes.put(events.get(i).id(), Outcome.QUEUED);
      }
    }
    ParkedKeys.behind(connection, later).forEach(free -> outcomes.remove(free.event().id()));
    return events.stream().filter(event -> !outcomes.containsKey(event.id())).toList();
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
