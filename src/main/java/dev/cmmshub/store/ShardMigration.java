package dev.cmmshub.store;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.Flyway;

/** Brings one shard to the newest schema and makes sure of the service's role. */
public final class ShardMigration {
  private static final String ROLE_EXISTS = "SELECT 1 FROM pg_roles WHERE rolname = ?";

  /**
   * Ends with the connection; two nodes that start at once would make or alter one role at once.
   */
  private static final String ONE_AT_A_TIME = "SELECT pg_advisory_lock(7213554202317)";

  /**
   * Safe to call from several nodes at once: they wait for each other. A schema that is newer, of a
   * later version of the hub, stays as it is.
   *
   * @throws IllegalStateException naming the shard and what to check
   */
  public void migrate(ShardSettings shard) {
    try {
      ensureServiceRole(shard);
    } catch (SQLException e) {
      throw new IllegalStateException(
          "shard "
              + shard.name()
              + " at "
              + shard.jdbcUrl()
              + ": "
              + e.getMessage()
              + "; check its address and the owner's user and password",
          e);
    }
    Flyway.configure()
        .dataSource(shard.jdbcUrl(), shard.ownerUser(), shard.ownerPassword().value())
        .locations("classpath:db/migration")
        .load()
        .migrate();
  }

  private static void ensureServiceRole(ShardSettings shard) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                shard.jdbcUrl(), shard.ownerUser(), shard.ownerPassword().value());
        PreparedStatement exists = connection.prepareStatement(ROLE_EXISTS);
        Statement statement = connection.createStatement()) {
      statement.execute(ONE_AT_A_TIME);
      exists.setString(1, ShardSettings.SERVICE_ROLE);
      try (ResultSet found = exists.executeQuery()) {
        if (!found.next()) {
          statement.execute(
              "CREATE ROLE "
                  + ShardSettings.SERVICE_ROLE
                  + " LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS");
        }
      }
      statement.execute(
          "ALTER ROLE "
              + ShardSettings.SERVICE_ROLE
              + " PASSWORD "
              + statement.enquoteLiteral(shard.servicePassword().value()));
    }
  }
}
