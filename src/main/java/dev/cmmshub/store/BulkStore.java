package dev.cmmshub.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cmmshub.message.Event;
import dev.cmmshub.tenant.Tenant;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes chunks of bulk loads.
 *
 * <p>Guarantees: a chunk's rows, its counts and its rejects are written together or not at all, and
 * once however often the chunk comes; an older version never overwrites a newer one, whichever way
 * the newer one came; a row whose object has an earlier event waiting waits behind it; a row that
 * the database refuses is a reject alone; while the shard is away the chunk waits.
 */
public final class BulkStore {
  private final Shards shards;
  private final EntityCache cache;
  private final MappingsNoted mappings = new MappingsNoted();

  public BulkStore(Shards shards, EntityCache cache) {
    this.shards = shards;
    this.cache = cache;
  }

  /** What became of rows whose events are all different, by these events' ids. */
  private record Attempt(
      Map<String, Outcome> outcomes, Set<String> replaced, List<BulkReject> rejects) {
    boolean has(BulkRow row) {
      return outcomes.containsKey(row.arrived().id());
    }
  }

  /**
   * Writes a chunk; waits while the shard is away.
   *
   * @param owner of the chunk
   */
  public BulkOutcome apply(Tenant owner, BulkChunk chunk) throws SQLException {
    Shard shard = shards.of(owner);
    Set<MappingsNoted.Place> noted = new HashSet<>();
    BulkOutcome outcome =
        Insistence.insist(
            shard.name(),
            () -> {
              noted.clear();
              return shard.transaction(
                  Set.of(chunk.tenant()), connection -> apply(shard, connection, chunk, noted));
            });
    mappings.remember(noted);
    cache.invalidate(outcome.replaced().stream().map(EntityVersion::of).toList());
    return outcome;
  }

  private BulkOutcome apply(
      Shard shard, Connection connection, BulkChunk chunk, Set<MappingsNoted.Place> noted)
      throws SQLException {
    BulkChunkRows rows = new BulkChunkRows(connection, chunk);
    if (!rows.begin()) {
      return rows.known();
    }
    noted.addAll(
        mappings.note(shard, connection, chunk.rows().stream().map(BulkRow::translated).toList()));
    BulkStage stage = new BulkStage(connection);
    List<BulkReject> rejects = new ArrayList<>(chunk.rejects());
    List<BulkRow> left = chunk.rows();
    while (!left.isEmpty()) {
      // Of an event that comes twice the first counts, as it does when they come one by one.
      List<BulkRow> others = new ArrayList<>(0);
      List<BulkRow> first = eachEventOnce(left, others);
      Attempt attempt = new Attempt(new HashMap<>(), new HashSet<>(), rejects);
      merge(connection, stage, queue(connection, first, attempt), attempt);
      InboxRows.markStale(connection, Outcome.STALE.among(attempt.outcomes));
      rows.count(first, attempt.outcomes, attempt.replaced);
      // The inbox has these by now; of those that were refused the next one is tried.
      left = others.stream().filter(row -> !attempt.has(row)).toList();
      rows.countKnown(others.size() - left.size());
    }
    return rows.end(rejects);
  }

  private static List<BulkRow> eachEventOnce(List<BulkRow> rows, List<BulkRow> others) {
    Set<String> ids = new HashSet<>(2 * rows.size());
    List<BulkRow> first = new ArrayList<>(rows.size());
    for (BulkRow row : rows) {
      (ids.add(row.arrived().id()) ? first : others).add(row);
    }
    return first;
  }

  /** Queues the rows of parked keys as they arrived, and returns the others. */
  private static List<BulkRow> queue(Connection connection, List<BulkRow> rows, Attempt attempt)
      throws SQLException {
    Set<String> parked =
        ParkedKeys.among(
                connection,
                rows.stream().map(row -> Waiting.toBeTransformed(row.arrived())).toList())
            .stream()
            .map(Waiting::orderKey)
            .collect(Collectors.toSet());
    if (parked.isEmpty()) {
      return rows;
    }
    List<Waiting> later =
        rows.stream()
            .map(row -> Waiting.toBeTransformed(row.arrived()))
            .filter(waiting -> parked.contains(waiting.orderKey()))
            .toList();
    later.forEach(waiting -> attempt.outcomes.put(waiting.event().id(), Outcome.QUEUED));
    ParkedKeys.behind(connection, later)
        .forEach(free -> attempt.outcomes.remove(free.event().id()));
    return rows.stream().filter(row -> !attempt.has(row)).toList();
  }

  /** Halves what the database refuses until the row stands alone. */
  private static void merge(
      Connection connection, BulkStage stage, List<BulkRow> rows, Attempt attempt)
      throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    var before = connection.setSavepoint();
    try {
      List<Event> events = rows.stream().map(BulkRow::translated).toList();
      Map<String, Outcome> known = stage.merge(events);
      connection.releaseSavepoint(before);
      events.forEach(event -> attempt.outcomes.putIfAbsent(event.id(), Outcome.APPLIED));
      attempt.outcomes.putAll(known);
      attempt.replaced.addAll(Outcome.APPLIED.among(known));
    } catch (SQLException e) {
      if (Insistence.isTransient(e)) {
        throw e;
      }
      connection.rollback(before);
      if (rows.size() == 1) {
        BulkRow row = rows.get(0);
        attempt.rejects.add(
            new BulkReject(
                row.number(),
                row.line(),
                0,
                "store",
                "PostgreSQL refuses the row: " + e.getMessage(),
                new String(row.arrived().data(), UTF_8)));
        return;
      }
      int half = rows.size() / 2;
      merge(connection, stage, rows.subList(0, half), attempt);
      merge(connection, stage, rows.subList(half, rows.size()), attempt);
    }
  }
}
