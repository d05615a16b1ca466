package dev.cmmshub.faults;

import dev.cmmshub.embedded.PostgresAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Locks the shards' inboxes, so that the hub waits with a row in its hand, until closed. */
final class HeldInbox implements AutoCloseable {
  private final List<Connection> held = new ArrayList<>();

  HeldInbox(List<PostgresAddress> shards) throws SQLException {
    for (PostgresAddress shard : shards) {
      Connection connection = connect(shard);
      held.add(connection);
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.execute("LOCK TABLE inbox IN ACCESS EXCLUSIVE MODE");
      }
    }
  }

  /** The most rows of a tenant that were written at one instant of {@code now()}. */
  static long largestTransaction(List<PostgresAddress> shards, String tenant) throws SQLException {
    long most = 0;
    for (PostgresAddress shard : shards) {
      try (Connection connection = connect(shard);
          PreparedStatement statement =
              connection.prepareStatement(
                  """
                  SELECT count(*) FROM inbox WHERE tenant_id = ?
                   GROUP BY applied_at ORDER BY 1 DESC LIMIT 1
                  """)) {
        statement.setString(1, tenant);
        try (ResultSet rows = statement.executeQuery()) {
          most = Math.max(most, rows.next() ? rows.getLong(1) : 0);
        }
      }
    }
    return most;
  }

  private static Connection connect(PostgresAddress shard) throws SQLException {
    return DriverManager.getConnection(shard.jdbcUrl(), shard.adminUser(), shard.adminPassword());
  }

  @Override
  public void close() throws SQLException {
    for (Connection connection : held) {
      connection.rollback();
      connection.close();
    }
  }
}
