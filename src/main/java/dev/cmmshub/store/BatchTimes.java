package dev.cmmshub.store;

import dev.cmmshub.store.BatchRun.State;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Which times of a load there were, and which of them ended well. */
public final class BatchTimes {
  private static final String NOTE =
      """
      INSERT INTO batch_run
        (tenant_id, definition, logical_time, logical_day, state, reason, attempt, system, entities, ended_at)
      VALUES (?, ?, ?, ?::date, ?, ?, ?, ?, ?, CASE WHEN ? = 'skipped' THEN now() END)
      ON CONFLICT DO NOTHING
      """;

  /** What has not begun when the next time comes is not done any more. */
  private static final String OVERTAKE =
      """
      UPDATE batch_run SET state = 'skipped', reason = 'the next time came first: ' || reason,
             ended_at = now()
       WHERE tenant_id = ? AND definition = ? AND logical_time < ? AND state = 'waiting'
         AND NOT by_hand
      """;

  private static final String FORGET =
      """
      DELETE FROM batch_run
       WHERE tenant_id = ? AND definition = ? AND logical_time < ?::timestamptz - interval '90 days'
         AND state IN ('done', 'failed', 'skipped')
         AND logical_time < (SELECT max(logical_time) FROM batch_run
              WHERE tenant_id = ? AND definition = ? AND state = 'done')
      """;

  private static final String LAST_DONE =
      """
      SELECT max(logical_time) FROM batch_run
       WHERE tenant_id = ? AND definition = ? AND state = 'done' AND logical_time < ?
      """;

  private static final String ENDED_WELL =
      """
      SELECT DISTINCT definition FROM batch_run
       WHERE tenant_id = ? AND definition = ANY (?) AND logical_day = ?::date AND state = 'done'
      """;

  private BatchTimes() {}

  /**
   * A time has come: it is noted once, by whoever is first. Earlier ones that have not begun are
   * skipped.
   *
   * @param skipped why it is not done, or null
   */
  public static boolean note(Shard shard, BatchRun run, String skipped) throws SQLException {
    return shard.transaction(
        Set.of(run.tenant()),
        connection -> {
          String state = (skipped == null ? State.WAITING : State.SKIPPED).text();
          boolean noted =
              update(
                  connection,
                  NOTE,
                  run.tenant(),
                  run.definition(),
                  at(run),
                  run.day().toString(),
                  state,
                  skipped,
                  skipped == null ? 1 : 0,
                  run.system(),
                  connection.createArrayOf("text", run.entities().toArray()),
                  state);
          if (noted && skipped == null) {
            update(connection, OVERTAKE, run.tenant(), run.definition(), at(run));
            update(
                connection,
                FORGET,
                run.tenant(),
                run.definition(),
                at(run),
                run.tenant(),
                run.definition());
          }
          return noted;
        });
  }

  /** The time of the last one before it that ended well. */
  public static Optional<Instant> lastDone(Shard shard, BatchRun run) throws SQLException {
    return shard.transaction(
        Set.of(run.tenant()),
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(LAST_DONE)) {
            set(statement, run.tenant(), run.definition(), at(run));
            try (ResultSet rows = statement.executeQuery()) {
              rows.next();
              return Optional.ofNullable(rows.getTimestamp(1)).map(Timestamp::toInstant);
            }
          }
        });
  }

  /** Which of these definitions ended well for the day of a run. */
  public static Set<String> endedWell(Shard shard, BatchRun run, Collection<String> definitions)
      throws SQLException {
    return shard.transaction(
        Set.of(run.tenant()),
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(ENDED_WELL)) {
            set(
                statement,
                run.tenant(),
                connection.createArrayOf("text", definitions.toArray()),
                run.day().toString());
            Set<String> found = new TreeSet<>();
            try (ResultSet rows = statement.executeQuery()) {
              while (rows.next()) {
                found.add(rows.getString(1));
              }
            }
            return found;
          }
        });
  }

  private static Timestamp at(BatchRun run) {
    return Timestamp.from(run.time());
  }

  private static boolean update(Connection connection, String sql, Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      set(statement, values);
      return statement.executeUpdate() > 0;
    }
  }

  private static void set(PreparedStatement statement, Object... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
  }
}
