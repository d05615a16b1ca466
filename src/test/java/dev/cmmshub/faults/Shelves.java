package dev.cmmshub.faults;

import dev.cmmshub.embedded.PostgresAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What lies in the shards for some tenants. Events are {@code tenant/event id}, objects {@code
 * tenant/number}.
 *
 * @param applied how many inbox rows each event has
 * @param waiting events parked by any stage
 * @param dead events whose translation was given up by the hub or an operator
 * @param undelivered events whose webhook waits or was given up by the hub
 * @param givenUp events whose webhook was given up by an operator
 * @param versions the version of each object's row
 * @param misplaced rows that one tenant sees of another's
 */
record Shelves(
    Map<String, Integer> applied,
    Set<String> waiting,
    Set<String> dead,
    Set<String> undelivered,
    Set<String> givenUp,
    Map<String, Long> versions,
    Set<String> misplaced) {

  /** Reads as the shards' superuser, from whom row level security hides nothing. */
  static Shelves read(List<PostgresAddress> shards, Collection<String> tenants)
      throws SQLException {
    Shelves shelves =
        new Shelves(
            new HashMap<>(),
            new HashSet<>(),
            new HashSet<>(),
            new HashSet<>(),
            new HashSet<>(),
            new HashMap<>(),
            new HashSet<>());
    for (PostgresAddress shard : shards) {
      try (Connection connection =
          DriverManager.getConnection(shard.jdbcUrl(), shard.adminUser(), shard.adminPassword())) {
        shelves.fill(connection, tenants.toArray());
      }
    }
    return shelves;
  }

  /** The first column of what a query finds in any shard. */
  static List<String> column(List<PostgresAddress> shards, String sql) throws SQLException {
    List<String> found = new ArrayList<>();
    for (PostgresAddress shard : shards) {
      try (Connection connection =
              DriverManager.getConnection(
                  shard.jdbcUrl(), shard.adminUser(), shard.adminPassword());
          PreparedStatement statement = connection.prepareStatement(sql);
          ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(rows.getString(1));
        }
      }
    }
    return found;
  }

  private void fill(Connection connection, Object[] tenants) throws SQLException {
    each(
        connection,
        tenants,
        "SELECT tenant_id || '/' || event_id FROM inbox WHERE tenant_id = ANY (?)",
        row -> applied.merge(row.getString(1), 1, Integer::sum));
    each(
        connection,
        tenants,
        "SELECT tenant_id || '/' || event_id, stage FROM parked WHERE tenant_id = ANY (?)",
        row ->
            (row.getString(2).equals("transform") ? waiting : undelivered).add(row.getString(1)));
    each(
        connection,
        tenants,
        "SELECT tenant_id || '/' || event_id, stage FROM dead_letter WHERE tenant_id = ANY (?)",
        row -> (row.getString(2).equals("transform") ? dead : undelivered).add(row.getString(1)));
    // What an operator gave up is where it should be, whatever stage it came from.
    each(
        connection,
        tenants,
        "SELECT tenant_id || '/' || event_id, stage FROM discarded_letter WHERE tenant_id = ANY (?)",
        row -> (row.getString(2).equals("transform") ? dead : givenUp).add(row.getString(1)));
    each(
        connection,
        tenants,
        """
        SELECT tenant_id || '/' || (data->>'number'), source_version, data->>'tenantId' = tenant_id
          FROM entity WHERE tenant_id = ANY (?)
        """,
        row -> {
          if (versions.put(row.getString(1), row.getLong(2)) != null || !row.getBoolean(3)) {
            misplaced.add(row.getString(1) + " has a second row or a foreign one");
          }
        });
    for (Object tenant : tenants) {
      seenByService(connection, tenant.toString());
    }
  }

  /** As the role the hub works with, one tenant sees its own rows alone. */
  private void seenByService(Connection connection, String tenant) throws SQLException {
    for (String table : List.of("inbox", "entity", "delivery", "parked", "dead_letter")) {
      connection.setAutoCommit(false);
      try (PreparedStatement scope =
          connection.prepareStatement("SELECT set_config('hub.tenants', ?, true)")) {
        scope.setString(1, tenant);
        scope.execute();
        connection.createStatement().execute("SET LOCAL ROLE hub_service");
        each(
            connection,
            new Object[] {tenant},
            "SELECT tenant_id FROM " + table + " WHERE NOT tenant_id = ANY (?)",
            row -> misplaced.add(tenant + " sees " + table + " of " + row.getString(1)));
      } finally {
        connection.rollback();
        connection.setAutoCommit(true);
      }
    }
  }

  /** Takes one row. */
  private interface Row {
    void take(ResultSet row) throws SQLException;
  }

  private static void each(Connection connection, Object[] tenants, String sql, Row row)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setArray(1, connection.createArrayOf("text", tenants));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          row.take(rows);
        }
      }
    }
  }
}
