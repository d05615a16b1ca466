package dev.cmmshub.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** The guarded upsert: with the inbox before it, it makes a batch effectively once. */
final class EntityRows {
  private static final String ENTITY =
      """
      INSERT INTO entity (tenant_id, entity, id, source_version, event_id, data)
      SELECT t, e, i, v, x, convert_from(d, 'UTF8')::jsonb
        FROM unnest(?::text[], ?::text[], ?::uuid[], ?::bigint[], ?::uuid[], ?::bytea[])
          AS r (t, e, i, v, x, d)
      ON CONFLICT (tenant_id, entity, id) DO UPDATE
        SET source_version = excluded.source_version, event_id = excluded.event_id,
            updated_at = now(), data = excluded.data
        WHERE entity.source_version <= excluded.source_version
      RETURNING id::text
      """;

  private EntityRows() {}

  /** Writes one version per object and returns the ids of the objects that changed. */
  static Set<String> upsert(Connection connection, Collection<EntityVersion> versions)
      throws SQLException {
    int size = versions.size();
    String[] tenants = new String[size];
    String[] entities = new String[size];
    String[] ids = new String[size];
    Long[] numbers = new Long[size];
    String[] events = new String[size];
    byte[][] data = new byte[size][];
    int i = 0;
    for (EntityVersion version : versions) {
      tenants[i] = version.event().key().tenant();
      entities[i] = version.event().key().entity();
      ids[i] = version.id();
      numbers[i] = version.event().version();
      events[i] = version.event().id();
      data[i++] = version.event().data();
    }
    try (PreparedStatement statement = connection.prepareStatement(ENTITY)) {
      statement.setArray(1, connection.createArrayOf("text", tenants));
      statement.setArray(2, connection.createArrayOf("text", entities));
      statement.setArray(3, connection.createArrayOf("text", ids));
      statement.setArray(4, connection.createArrayOf("int8", numbers));
      statement.setArray(5, connection.createArrayOf("text", events));
      statement.setArray(6, connection.createArrayOf("bytea", data));
      return strings(statement);
    }
  }

  private static Set<String> strings(PreparedStatement statement) throws SQLException {
    Set<String> found = new HashSet<>();
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        found.add(rows.getString(1));
      }
    }
    return found;
  }
}
