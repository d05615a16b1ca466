package dev.cmmshub.recovery;

import dev.cmmshub.message.EventAttributes;
import dev.cmmshub.message.FailedEvent;
import dev.cmmshub.message.Failure;
import dev.cmmshub.store.GoneRows;
import dev.cmmshub.store.ParkedKeys;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The SQL of parked events and dead letters, within a transaction of the caller's. */
final class FailureRows {
  private static final String WHICH =
      " WHERE tenant_id = ? AND event_id = ?::uuid AND stage = ? AND subscription = ?";
  private static final String AGE =
      "SELECT (extract(epoch FROM now() - first_failed_at) * 1000)::bigint FROM parked" + WHICH;
  private static final String BURY =
      """
      INSERT INTO dead_letter (tenant_id, event_id, stage, subscription, event_key, attempt,
                               error_class, reason, attributes, data, replay, replay_run)
      SELECT tenant_id, event_id, stage, subscription, event_key, ?, ?, ?, attributes, data,
             replay, replay_run
        FROM parked"""
          + WHICH
          + " ON CONFLICT DO NOTHING";
  private static final String NOTE =
      "SELECT failed_try_note(?, ?::uuid, ?, ?, ?, ?, ?, ?, 'dead-lettered')";
  private static final String CLAIM =
      """
      SELECT stage, subscription, attempt, error_class, reason, attributes::text, data
        FROM parked_claim(?, ?, ?)
      """;

  private FailureRows() {}

  /** How long ago it first failed, by the shard's clock alone. */
  static Optional<Duration> age(Connection connection, FailedEvent failed) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(AGE)) {
      which(statement, 1, failed);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? Optional.of(Duration.ofMillis(rows.getLong(1))) : Optional.empty();
      }
    }
  }

  /**
   * Makes a parked event a dead letter; the next of its key is due now. What is not parked any more
   * stays as it is.
   *
   * @return how many events became due
   */
  static int bury(Connection connection, FailedEvent failed) throws SQLException {
    note(connection, failed);
    try (PreparedStatement statement = connection.prepareStatement(BURY)) {
      statement.setInt(1, failed.attempt());
      statement.setString(2, failed.failure().keptClass());
      statement.setString(3, failed.failure().keptReason());
      which(statement, 4, failed);
      statement.executeUpdate();
    }
    return ParkedKeys.release(connection, List.of(ParkedKeys.Released.of(failed)));
  }

  private static void note(Connection connection, FailedEvent failed) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(NOTE)) {
      which(statement, 1, failed);
      statement.setInt(5, failed.attempt());
      statement.setString(6, failed.failure().keptClass());
      statement.setInt(7, failed.failure().status());
      statement.setString(8, failed.failure().keptReason());
      statement.execute();
    }
  }

  /**
   * Takes what is due for half a minute; another node takes it after that if this one dies. The
   * attempt is the one that is to be made. What waits for a subscription that is gone is left.
   */
  static List<FailedEvent> claim(Connection connection, int most, List<GoneRows.Mark> gone)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(CLAIM)) {
      Object[] tenants = gone.stream().map(GoneRows.Mark::tenant).toArray();
      Object[] subscriptions = gone.stream().map(GoneRows.Mark::subscription).toArray();
      statement.setInt(1, most);
      statement.setArray(2, connection.createArrayOf("text", tenants));
      statement.setArray(3, connection.createArrayOf("text", subscriptions));
      List<FailedEvent> claimed = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          String subscription = rows.getString(2);
          claimed.add(
              new FailedEvent(
                  EventAttributes.toEvent(rows.getString(6), rows.getBytes(7)),
                  Failure.kept(
                      rows.getString(1),
                      rows.getString(4),
                      rows.getString(5),
                      subscription.isEmpty() ? null : subscription),
                  rows.getInt(3) + 1));
        }
      }
      return claimed;
    }
  }

  /** Keeps claimed events from being taken by another node for another half a minute. */
  static void renew(Connection connection, Collection<String> eventIds) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT parked_renew(?::uuid[])")) {
      statement.setArray(1, connection.createArrayOf("text", eventIds.toArray()));
      statement.execute();
    }
  }

  private static void which(PreparedStatement statement, int from, FailedEvent failed)
      throws SQLException {
    ParkedKeys.Released row = ParkedKeys.Released.of(failed);
    statement.setString(from, row.tenant());
    statement.setString(from + 1, row.eventId());
    statement.setString(from + 2, row.stage());
    statement.setString(from + 3, row.subscription());
  }
}
