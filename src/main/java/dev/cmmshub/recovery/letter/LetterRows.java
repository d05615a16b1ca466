package dev.cmmshub.recovery.letter;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The SQL that finds dead letters, within a transaction of the caller's. */
final class LetterRows {
  private static final String COLUMNS =
      """
      SELECT l.tenant_id, l.event_id::text, l.stage, l.subscription, l.event_key,
             l.attributes->>'type', l.attempt, l.replay, l.edit, l.died_at, l.error_class,
             l.reason, octet_length(l.data)
        FROM dead_letter AS l
      """;
  private static final String NEWEST =
      COLUMNS + ", " + LetterFilter.MATCHING + " ORDER BY l.died_at DESC LIMIT ?";
  private static final String COUNT =
      "SELECT l.error_class, count(*) FROM dead_letter AS l, "
          + LetterFilter.MATCHING
          + " GROUP BY l.error_class";
  private static final String NAMED =
      COLUMNS
          + """
             WHERE l.event_id BETWEEN ?::uuid AND ?::uuid
               AND (?::text IS NULL OR starts_with(l.subscription, ?))
             ORDER BY l.event_id, l.subscription LIMIT ?
            """;
  private static final String CHUNK =
      """
      SELECT l.tenant_id, l.event_id::text, l.stage, l.subscription FROM dead_letter AS l,
      """
          + LetterFilter.MATCHING
          + """
             ORDER BY l.event_key, (l.attributes->>'sourceversion')::bigint, l.event_id,
                      l.subscription
             LIMIT ? FOR UPDATE OF l
            """;

  private LetterRows() {}

  static List<Letter> newest(Connection connection, LetterFilter filter, int most, String shard)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(NEWEST)) {
      filter.set(statement, 1);
      statement.setInt(LetterFilter.PARAMETERS + 1, most);
      return letters(statement, shard);
    }
  }

  /** Adds to the number of letters by error class. */
  static void count(Connection connection, LetterFilter filter, Map<String, Long> byClass)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(COUNT)) {
      filter.set(statement, 1);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          byClass.merge(rows.getString(1), rows.getLong(2), Long::sum);
        }
      }
    }
  }

  /** Those that a prefix can mean. */
  static List<Letter> named(Connection connection, LetterPrefix prefix, int most, String shard)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(NAMED)) {
      statement.setString(1, prefix.lowest());
      statement.setString(2, prefix.highest());
      statement.setString(3, prefix.subscription().orElse(null));
      statement.setString(4, prefix.subscription().orElse(null));
      statement.setInt(5, most);
      return letters(statement, shard);
    }
  }

  /**
   * Locks some letters until the transaction ends, those of one object in the order of their
   * versions. What another transaction takes meanwhile is not among them.
   */
  static List<LetterId> lockSome(Connection connection, LetterFilter filter, int most)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(CHUNK)) {
      filter.set(statement, 1);
      statement.setInt(LetterFilter.PARAMETERS + 1, most);
      List<LetterId> locked = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          locked.add(id(rows));
        }
      }
      return locked;
    }
  }

  private static List<Letter> letters(PreparedStatement statement, String shard)
      throws SQLException {
    List<Letter> letters = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        letters.add(
            new Letter(
                id(rows),
                rows.getString(5),
                rows.getString(6),
                rows.getInt(7),
                rows.getInt(8),
                rows.getInt(9),
                rows.getTimestamp(10).toInstant(),
                rows.getString(11),
                rows.getString(12),
                rows.getInt(13),
                shard));
      }
    }
    return letters;
  }

  private static LetterId id(ResultSet rows) throws SQLException {
    return new LetterId(rows.getString(1), rows.getString(2), rows.getString(3), rows.getString(4));
  }
}
