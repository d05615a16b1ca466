package dev.cmmshub.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/**
 * The SQL of the audit, within a transaction of the caller's: what is done and that it was done
 * become true together. Rows can only be added; number, time and hash are the shard's own.
 */
public final class AuditLog {
  private static final String APPEND =
      "INSERT INTO audit (tenant_id, operator, action, target, detail) VALUES (?, ?, ?, ?, ?)";
  private static final String COLUMNS =
      "SELECT tenant_id, seq, at, operator, action, target, detail, previous, hash FROM audit ";
  private static final String NEWEST =
      COLUMNS
          + """
             WHERE (?::text IS NULL OR target LIKE ? || '%')
             ORDER BY at DESC, seq DESC LIMIT ?
            """;
  private static final String CHAIN = COLUMNS + "WHERE tenant_id = ? ORDER BY seq";
  private static final int FETCH = 1000;

  private AuditLog() {}

  /**
   * Adds a row to the tenant's chain; others that write to it wait until this transaction ends.
   *
   * @param target what was acted on
   * @param detail a JSON object
   */
  public static void append(
      Connection connection,
      String tenant,
      String operator,
      String action,
      String target,
      String detail)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(APPEND)) {
      statement.setString(1, tenant);
      statement.setString(2, operator);
      statement.setString(3, action);
      statement.setString(4, target);
      statement.setString(5, detail);
      statement.executeUpdate();
    }
  }

  /**
   * The newest rows of the transaction's tenants.
   *
   * @param target what the target begins with, or null
   */
  public static List<AuditEntry> newest(Connection connection, String target, int most)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(NEWEST)) {
      statement.setString(1, target);
      statement.setString(2, target == null ? null : escaped(target));
      statement.setInt(3, most);
      List<AuditEntry> found = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(entry(rows));
        }
      }
      return found;
    }
  }

  /** Reads a tenant's chain up to its end or the first row that is broken. */
  static AuditChain check(Connection connection, String tenant) throws SQLException {
    AuditChain chain = new AuditChain(tenant);
    try (PreparedStatement statement = connection.prepareStatement(CHAIN)) {
      statement.setFetchSize(FETCH);
      statement.setString(1, tenant);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next() && chain.broken().isEmpty()) {
          chain.next(entry(rows));
        }
      }
    }
    return chain;
  }

  /** A text for LIKE that stands for itself. */
  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
  }

  private static AuditEntry entry(ResultSet rows) throws SQLException {
    return new AuditEntry(
        rows.getString(1),
        rows.getLong(2),
        rows.getObject(3, OffsetDateTime.class).toInstant(),
        rows.getString(4),
        rows.getString(5),
        rows.getString(6),
        rows.getString(7),
        rows.getBytes(8),
        rows.getBytes(9));
  }
}
