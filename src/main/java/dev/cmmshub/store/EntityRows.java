package dev.cmmshub.store;

import dev.cmmshub.message.Event;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The two set-based statements that make a batch effectively once: inbox, then guarded upsert. */
final class EntityRows {
  private static final String INBOX =
      """
      INSERT INTO inbox (tenant_id, event_id)
      SELECT * FROM unnest(?::text[], ?::uuid[])
      ON CONFLICT DO NOTHING
      RETURNING event_id::text
      """;
  private static final String STALE =
      "SELECT event_id::text FROM inbox WHERE stale AND event_id = ANY (?::uuid[])";
  private static final String MARK_STALE =
      "UPDATE inbox SET stale = true WHERE event_id = ANY (?::uuid[]) RETURNING event_id::text";
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

  /** Notes the events as seen and returns the ids of those that were not seen before. */
  static Set<String> insertInbox(Connection connection, List<Event> events) throws SQLException {
    String[] tenants = new String[events.size()];
    String[] ids = new String[events.size()];
    for (int i = 0; i < ids.length; i++) {
      tenants[i] = events.get(i).key().tenant();
      ids[i] = events.get(i).id();
    }
    try (PreparedStatement statement = connection.prepareStatement(INBOX)) {
      statement.setArray(1, connection.createArrayOf("text", tenants));
      statement.setArray(2, connection.createArrayOf("text", ids));
      return strings(statement);
    }
  }

  /** The ids among these that were stale when they came first. */
  static Set<String> stale(Connection connection, Collection<String> ids) throws SQLException {
    return ids(connection, STALE, ids);
  }

  /** Remembers that these events changed nothing. */
  static void markStale(Connection connection, Collection<String> ids) throws SQLException {
    ids(connection, MARK_STALE, ids);
  }

  private static Set<String> ids(Connection connection, String sql, Collection<String> ids)
      throws SQLException {
    if (ids.isEmpty()) {
      return Set.of();
    }
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setArray(1, connection.createArrayOf("text", ids.toArray()));
      return strings(statement);
    }
  }

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
