package dev.cmmshub.recovery;

import dev.cmmshub.message.EventAttributes;
import dev.cmmshub.message.FailedEvent;
import dev.cmmshub.message.Failure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The SQL of parked events and dead letters, within a transaction of the caller's. */
final class FailureRows {
  private static final String WHICH =
      " WHERE tenant_id = ? AND event_id = ?::uuid AND stage = ? AND subscription = ?";
  private static final String PARK =
      """
      INSERT INTO parked (tenant_id, event_id, stage, subscription, event_key, attempt, due_at,
                          error_class, reason, attributes, data)
      VALUES (?, ?::uuid, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?)
      ON CONFLICT (tenant_id, event_id, stage, subscription) DO UPDATE
        SET attempt = excluded.attempt, due_at = excluded.due_at,
            error_class = excluded.error_class, reason = excluded.reason
      """;
  private static final String BURY =
      """
      INSERT INTO dead_letter (tenant_id, event_id, stage, subscription, event_key, attempt,
                               error_class, reason, attributes, data)
      VALUES (?, ?::uuid, ?, ?, ?, ?, ?, ?, ?::jsonb, ?)
      ON CONFLICT DO NOTHING
      """;
  private static final String CLAIM =
      """
      UPDATE parked SET due_at = now() + interval '1 minute'
       WHERE (tenant_id, event_id, stage, subscription) IN (
         SELECT tenant_id, event_id, stage, subscription FROM parked
          WHERE due_at <= now() ORDER BY due_at LIMIT ? FOR UPDATE SKIP LOCKED)
      RETURNING stage, subscription, attempt, error_class, reason, attributes::text, data, due_at
      """;

  private FailureRows() {}

  static Optional<Instant> firstFailedAt(Connection connection, FailedEvent failed)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT first_failed_at FROM parked" + WHICH)) {
      which(statement, failed);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? Optional.of(rows.getTimestamp(1).toInstant()) : Optional.empty();
      }
    }
  }

  static void park(Connection connection, FailedEvent failed, Instant due) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(PARK)) {
      which(statement, failed);
      statement.setString(5, failed.event().key().toString());
      statement.setInt(6, failed.attempt());
      statement.setTimestamp(7, Timestamp.from(due));
      describe(statement, 8, failed);
      statement.executeUpdate();
    }
  }

  static void bury(Connection connection, FailedEvent failed) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(BURY)) {
      which(statement, failed);
      statement.setString(5, failed.event().key().toString());
      statement.setInt(6, failed.attempt());
      describe(statement, 7, failed);
      statement.executeUpdate();
    }
    unpark(connection, failed);
  }

  static void unpark(Connection connection, FailedEvent failed) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement("DELETE FROM parked" + WHICH)) {
      which(statement, failed);
      statement.executeUpdate();
    }
  }

  /** Takes what is due for one minute; another node takes it after that if this one dies. */
  static List<FailedEvent> claim(Connection connection, int most) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(CLAIM)) {
      statement.setInt(1, most);
      List<FailedEvent> claimed = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          String subscription = rows.getString(2);
          claimed.add(
              new FailedEvent(
                  EventAttributes.toEvent(rows.getString(6), rows.getBytes(7)),
                  new Failure(
                      rows.getString(1),
                      rows.getString(4),
                      rows.getString(5),
                      0,
                      null,
                      subscription.isEmpty() ? null : subscription),
                  rows.getInt(3)));
        }
      }
      return claimed;
    }
  }

  private static void which(PreparedStatement statement, FailedEvent failed) throws SQLException {
    statement.setString(1, failed.event().key().tenant());
    statement.setString(2, failed.event().id());
    statement.setString(3, failed.failure().stage());
    statement.setString(
        4, failed.failure().subscription() == null ? "" : failed.failure().subscription());
  }

  private static void describe(PreparedStatement statement, int from, FailedEvent failed)
      throws SQLException {
    statement.setString(from, failed.failure().errorClass());
    statement.setString(from + 1, failed.failure().reason());
    statement.setString(from + 2, EventAttributes.toJson(failed.event()));
    statement.setBytes(from + 3, failed.event().data());
  }
}
