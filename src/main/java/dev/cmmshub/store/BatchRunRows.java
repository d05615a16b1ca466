package dev.cmmshub.store;

import dev.cmmshub.store.BatchRun.State;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** Reads rows of {@code batch_run}, within a transaction of the caller's. */
public final class BatchRunRows {
  /** Of each definition its newest row, beside what was before. */
  private static final String LATEST =
      """
      SELECT * FROM (
        SELECT r.*, row_number() OVER w AS age,
               min(logical_time) OVER d AS first_time,
               max(logical_time) FILTER (WHERE state = 'done') OVER d AS done_time,
               max(logical_time) FILTER (WHERE state = 'done' OR attempt = 0) OVER d AS settled_time,
               max(ended_at) FILTER (WHERE state = 'done') OVER d AS done_at
          FROM batch_run AS r
        WINDOW d AS (PARTITION BY tenant_id, definition),
               w AS (PARTITION BY tenant_id, definition ORDER BY logical_time DESC)) AS all_runs
       WHERE age = 1
      """;

  /** An ended run is begun anew; one that goes on stays as it is. */
  private static final String BY_HAND =
      """
      INSERT INTO batch_run AS r
        (tenant_id, definition, logical_time, logical_day, state, by_hand, system, entities)
      VALUES (?, ?, ?, ?::date, 'waiting', true, ?, ?)
      ON CONFLICT (tenant_id, definition, logical_time) DO UPDATE
         SET state = 'waiting', by_hand = true, attempt = r.attempt + 1, reason = NULL,
             system = excluded.system, entities = excluded.entities, since = NULL, jobs = '{}',
             rejected = 0, started_at = NULL, ended_at = NULL, lease_owner = NULL,
             lease_until = NULL
       WHERE r.state IN ('done', 'failed', 'skipped')
      RETURNING r.*
      """;

  private BatchRunRows() {}

  /**
   * What there is of a definition.
   *
   * @param newest its newest run
   * @param first the first time that is known
   * @param done the time of the last run that ended well
   * @param doneAt when that ended
   * @param settled the last time that ended well or was none of its
   */
  public record Latest(
      BatchRun newest,
      Instant first,
      Optional<Instant> done,
      Optional<Instant> doneAt,
      Optional<Instant> settled) {}

  /** Of each definition of the transaction's tenants. */
  public static List<Latest> latest(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(LATEST);
        ResultSet rows = statement.executeQuery()) {
      List<Latest> all = new ArrayList<>();
      while (rows.next()) {
        all.add(
            new Latest(
                run(rows),
                rows.getTimestamp("first_time").toInstant(),
                time(rows, "done_time"),
                time(rows, "done_at"),
                time(rows, "settled_time")));
      }
      return all;
    }
  }

  /** Begins one by hand; empty when it goes on already. */
  public static Optional<BatchRun> beginByHand(Connection connection, BatchRun run)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(BY_HAND)) {
      statement.setString(1, run.tenant());
      statement.setString(2, run.definition());
      statement.setTimestamp(3, Timestamp.from(run.time()));
      statement.setString(4, run.day().toString());
      statement.setString(5, run.system());
      statement.setArray(6, connection.createArrayOf("text", run.entities().toArray()));
      return all(statement).stream().findFirst();
    }
  }

  static List<BatchRun> all(PreparedStatement statement) throws SQLException {
    try (ResultSet rows = statement.executeQuery()) {
      List<BatchRun> all = new ArrayList<>();
      while (rows.next()) {
        all.add(run(rows));
      }
      return all;
    }
  }

  private static BatchRun run(ResultSet row) throws SQLException {
    return new BatchRun(
        row.getString("tenant_id"),
        row.getString("definition"),
        row.getTimestamp("logical_time").toInstant(),
        row.getObject("logical_day", LocalDate.class),
        State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
        Optional.ofNullable(row.getString("reason")),
        row.getBoolean("by_hand"),
        row.getInt("attempt"),
        row.getString("system"),
        List.of((String[]) array(row, "entities")),
        time(row, "since"),
        List.of((UUID[]) array(row, "jobs")),
        row.getLong("rejected"),
        time(row, "started_at"),
        time(row, "ended_at"),
        Optional.ofNullable(row.getString("node")));
  }

  private static Object array(ResultSet row, String column) throws SQLException {
    Array array = row.getArray(column);
    return array.getArray();
  }

  private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getTimestamp(column)).map(Timestamp::toInstant);
  }
}
