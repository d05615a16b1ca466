package dev.cmmshub.store;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;

/** One PostgreSQL database that holds the rows of some tenants. */
public record Shard(String name, HikariDataSource dataSource) {

  /** What is done within one transaction. */
  @FunctionalInterface
  public interface Work<T> {
    T run(Connection connection) throws SQLException;
  }

  /**
   * Runs the work in one transaction that sees and writes rows of these tenants only.
   *
   * @throws SQLException after the transaction was rolled back
   */
  public <T> T transaction(Collection<String> tenants, Work<T> work) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      try {
        scope(connection, tenants);
        T result = work.run(connection);
        connection.commit();
        return result;
      } catch (SQLException | RuntimeException e) {
        rollback(connection, e);
        throw e;
      }
    }
  }

  private static void scope(Connection connection, Collection<String> tenants) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT set_config('hub.tenants', ?, true)")) {
      statement.setString(1, String.join(",", tenants));
      statement.execute();
    }
  }

  private static void rollback(Connection connection, Exception cause) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      // The pool throws a broken connection away; the first error is the one that tells why.
      cause.addSuppressed(e);
    }
  }
}
