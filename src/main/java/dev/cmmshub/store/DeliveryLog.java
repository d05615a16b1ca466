package dev.cmmshub.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** Remembers which observer has got which event: delivery is at least once, but seldom twice. */
public final class DeliveryLog {
  private static final String SELECT =
      """
      SELECT event_id::text, subscription FROM delivery
       WHERE tenant_id = ANY (?::text[]) AND event_id = ANY (?::uuid[])
      """;
  private static final String INSERT =
      """
      INSERT INTO delivery (tenant_id, event_id, subscription, attempt)
      SELECT * FROM unnest(?::text[], ?::uuid[], ?::text[], ?::integer[])
      ON CONFLICT DO NOTHING
      """;

  private static final String UNPARK =
      """
      DELETE FROM parked p
       USING unnest(?::text[], ?::uuid[], ?::text[]) AS d (tenant_id, event_id, subscription)
       WHERE p.tenant_id = d.tenant_id AND p.event_id = d.event_id
         AND p.stage = 'deliver' AND p.subscription = d.subscription
      """;

  /** One event at one observer. */
  public record Entry(String tenant, String eventId, String subscription, int attempt) {
    /** The same for every attempt. */
    public String identity() {
      return eventId + '/' + subscription;
    }
  }

  /**
   * The identities among these events that were delivered before; waits while the shard is away.
   */
  public Set<String> delivered(Shard shard, Set<String> tenants, Collection<String> eventIds)
      throws SQLException {
    return Insistence.insist(
        shard.name(),
        () ->
            shard.transaction(
                tenants,
                connection -> {
                  try (PreparedStatement statement = connection.prepareStatement(SELECT)) {
                    statement.setArray(1, connection.createArrayOf("text", tenants.toArray()));
                    statement.setArray(2, connection.createArrayOf("text", eventIds.toArray()));
                    Set<String> found = new HashSet<>();
                    try (ResultSet rows = statement.executeQuery()) {
                      while (rows.next()) {
                        found.add(rows.getString(1) + '/' + rows.getString(2));
                      }
                    }
                    return found;
                  }
                }));
  }

  /**
   * Notes deliveries, and frees those that were parked, in one transaction; waits while the shard
   * is away.
   */
  public void add(Shard shard, Set<String> tenants, Collection<Entry> entries) throws SQLException {
    boolean retried = entries.stream().anyMatch(entry -> entry.attempt() > 1);
    Insistence.insist(
        shard.name(),
        () ->
            shard.transaction(
                tenants,
                connection -> {
                  Object[][] columns = columns(entries);
                  if (retried) {
                    execute(connection, UNPARK, columns, 3);
                  }
                  return execute(connection, INSERT, columns, columns.length);
                }));
  }

  private static Object[][] columns(Collection<Entry> entries) {
    Object[][] columns = new Object[4][entries.size()];
    int i = 0;
    for (Entry entry : entries) {
      columns[0][i] = entry.tenant();
      columns[1][i] = entry.eventId();
      columns[2][i] = entry.subscription();
      columns[3][i++] = entry.attempt();
    }
    return columns;
  }

  private static int execute(Connection connection, String sql, Object[][] columns, int used)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int c = 0; c < used; c++) {
        statement.setArray(c + 1, connection.createArrayOf(c == 3 ? "int4" : "text", columns[c]));
      }
      return statement.executeUpdate();
    }
  }
}
