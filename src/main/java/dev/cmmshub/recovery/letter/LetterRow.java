package dev.cmmshub.recovery.letter;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;

/** The SQL of one dead letter, within a transaction of the caller's. */
final class LetterRow {
  private static final String WHICH =
      " WHERE l.tenant_id = ? AND l.event_id = ?::uuid AND l.stage = ? AND l.subscription = ?";
  private static final int KEYS = 4;
  private static final String LOCK = "SELECT FROM dead_letter AS l" + WHICH + " FOR UPDATE";
  private static final String READ =
      """
      SELECT l.attributes::text, l.data, e.data, l.edit, l.attempt, l.replay, l.error_class,
             l.reason,
             (SELECT coalesce(max(v.version), 0) FROM dead_letter_edit AS v
               WHERE v.tenant_id = l.tenant_id AND v.event_id = l.event_id
                 AND v.stage = l.stage AND v.subscription = l.subscription)
        FROM dead_letter AS l
        LEFT JOIN dead_letter_edit AS e
          ON e.tenant_id = l.tenant_id AND e.event_id = l.event_id AND e.stage = l.stage
         AND e.subscription = l.subscription AND e.version = l.edit"""
          + WHICH;
  private static final String ADD_EDIT =
      """
      INSERT INTO dead_letter_edit (edited_by, replaced, data, version,
                                    tenant_id, event_id, stage, subscription)
      VALUES (?, ?, ?, ?, ?, ?::uuid, ?, ?)
      """;
  private static final String USE_EDIT = "UPDATE dead_letter AS l SET edit = ?" + WHICH;
  private static final String NOTE_RUN = "UPDATE dead_letter AS l SET replay_run = ?" + WHICH;
  private static final String NOTE_PARKED_RUN = "UPDATE parked AS l SET replay_run = ?" + WHICH;
  private static final String DELETE = "DELETE FROM dead_letter AS l" + WHICH;
  private static final String KEEP =
      """
      INSERT INTO discarded_letter (
        tenant_id, event_id, stage, subscription, event_key, attempt, died_at, error_class,
        reason, attributes, data, replay, edit, discarded_by, discard_reason)
      SELECT l.tenant_id, l.event_id, l.stage, l.subscription, l.event_key, l.attempt, l.died_at,
             l.error_class, l.reason, l.attributes, l.data, l.replay, l.edit, ?, ?
        FROM dead_letter AS l"""
          + WHICH;

  private LetterRow() {}

  /** Keeps others off the letter until the transaction ends; false when it is gone. */
  static boolean lock(Connection connection, LetterId id) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(LOCK)) {
      which(statement, 1, id);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next();
      }
    }
  }

  /** Reads it; to be locked first by who wants to change it. */
  static Optional<LetterContent> read(Connection connection, LetterId id) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(READ)) {
      which(statement, 1, id);
      try (ResultSet rows = statement.executeQuery()) {
        if (!rows.next()) {
          return Optional.empty();
        }
        byte[] died = rows.getBytes(2);
        byte[] edited = rows.getBytes(3);
        return Optional.of(
            new LetterContent(
                id,
                rows.getString(1),
                died,
                edited == null ? died : edited,
                rows.getInt(4),
                rows.getInt(9),
                rows.getInt(5),
                rows.getInt(6),
                rows.getString(7),
                rows.getString(8)));
      }
    }
  }

  /** Lets another payload take the place of the one in use; both are kept. */
  static void edit(
      Connection connection, LetterContent before, byte[] payload, int version, Operator operator)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(ADD_EDIT)) {
      statement.setString(1, operator.name());
      statement.setBytes(2, before.payload());
      statement.setBytes(3, payload);
      statement.setInt(4, version);
      which(statement, 5, before.id());
      statement.executeUpdate();
    }
    try (PreparedStatement statement = connection.prepareStatement(USE_EDIT)) {
      statement.setInt(1, version);
      which(statement, 2, before.id());
      statement.executeUpdate();
    }
  }

  /** A run leaves this letter where it is and does not come back to it. */
  static void noteRun(Connection connection, LetterId id, UUID run) throws SQLException {
    note(connection, NOTE_RUN, id, run);
  }

  /** The letter waits to be run again; that it is part of this run stays with it. */
  static void noteParkedRun(Connection connection, LetterId id, UUID run) throws SQLException {
    note(connection, NOTE_PARKED_RUN, id, run);
  }

  private static void note(Connection connection, String sql, LetterId id, UUID run)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setObject(1, run);
      which(statement, 2, id);
      statement.executeUpdate();
    }
  }

  /** Takes it out; the caller has put it somewhere else in this transaction. */
  static void delete(Connection connection, LetterId id) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(DELETE)) {
      which(statement, 1, id);
      statement.executeUpdate();
    }
  }

  /** Copies it to those that were given up for good. */
  static void keepDiscarded(Connection connection, LetterId id, Operator operator, String why)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(KEEP)) {
      statement.setString(1, operator.name());
      statement.setString(2, why);
      which(statement, 3, id);
      statement.executeUpdate();
    }
  }

  private static void which(PreparedStatement statement, int from, LetterId id)
      throws SQLException {
    statement.setString(from, id.tenant());
    statement.setString(from + 1, id.eventId());
    statement.setString(from + 2, id.stage());
    statement.setString(from + KEYS - 1, id.subscription());
  }
}
