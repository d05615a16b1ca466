package dev.cmmshub.store;

import dev.cmmshub.message.Event;
import dev.cmmshub.message.EventKey;
import dev.cmmshub.message.MappingUsed;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes many events of one tenant at once: {@code COPY} into a temporary table, and one statement
 * that merges it into inbox and objects. Same rules as for events that come one by one.
 */
final class BulkStage {
  private static final String TABLE =
      """
      CREATE TEMP TABLE IF NOT EXISTS bulk_stage (
        event_id uuid, object_id uuid, entity text, action text, external_id text, version bigint,
        mapping bigint, data jsonb
      ) ON COMMIT DELETE ROWS
      """;
  private static final String COLUMNS =
      "event_id, object_id, entity, action, external_id, version, mapping, data";
  private static final int FIELDS = 8;
  private static final int USUAL_ROW = 1024;

  /**
   * Says what was not new, which is nothing when a system is loaded for the first time. Objects are
   * locked in one order for all chunks.
   */
  private static final String MERGE =
      """
      WITH fresh AS (
        INSERT INTO inbox (tenant_id, event_id, received_at, source_version, mapping, system, entity,
                           action, external_id, received_by)
        SELECT c.tenant_id, s.event_id, c.received_at, s.version, s.mapping, c.system, s.entity, s.action,
               s.external_id, c.received_by
          FROM bulk_stage s, (VALUES (?, ?::timestamptz, ?, ?)) AS c (tenant_id, received_at, system, received_by)
        ON CONFLICT DO NOTHING
        RETURNING event_id
      ), newest AS (
        SELECT DISTINCT ON (s.object_id) s.*
          FROM bulk_stage s JOIN fresh USING (event_id)
         ORDER BY s.object_id, s.version DESC
      ), changed AS (
        INSERT INTO entity (tenant_id, entity, id, source_version, event_id, data)
        SELECT ?, entity, object_id, version, event_id, data FROM newest
        ON CONFLICT (tenant_id, entity, id) DO UPDATE
          SET source_version = excluded.source_version, event_id = excluded.event_id,
              updated_at = now(), data = excluded.data
          WHERE entity.source_version <= excluded.source_version
        -- Only a row that took another one's place has been locked before.
        RETURNING event_id, xmax <> 0 AS replaced
      )
      SELECT s.event_id::text,
             CASE WHEN f.event_id IS NULL THEN 'DUPLICATE' WHEN c.event_id IS NULL THEN 'STALE' ELSE 'APPLIED' END
        FROM bulk_stage s LEFT JOIN fresh f USING (event_id) LEFT JOIN changed c USING (event_id)
       WHERE c.event_id IS NULL OR c.replaced
      """;

  private final Connection connection;
  private boolean isUsed;

  /**
   * @param connection in whose transaction no other was made
   */
  BulkStage(Connection connection) {
    this.connection = connection;
  }

  /**
   * What became of those that were not new, by their ids: those that are applied took the place of
   * an older version.
   *
   * @param events of one tenant, system and job
   */
  Map<String, Outcome> merge(List<Event> events) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(TABLE);
      if (isUsed) {
        statement.execute("TRUNCATE bulk_stage");
      }
    }
    isUsed = true;
    rows(events).into(connection, "bulk_stage (" + COLUMNS + ")");
    return merge(events.get(0));
  }

  private Map<String, Outcome> merge(Event first) throws SQLException {
    Map<String, Outcome> found = new HashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(MERGE)) {
      statement.setString(1, first.key().tenant());
      statement.setTimestamp(2, Timestamp.from(first.time()));
      statement.setString(3, first.key().system());
      statement.setString(4, first.origin().receivedBy());
      statement.setString(5, first.key().tenant());
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.put(rows.getString(1), Outcome.valueOf(rows.getString(2)));
        }
      }
    }
    return found;
  }

  /** By their ids: so the inbox's indexes by time grow at one place, not everywhere. */
  private static CopyRows rows(List<Event> events) {
    CopyRows rows = new CopyRows(FIELDS, events.size() * USUAL_ROW);
    List<Event> ordered = new ArrayList<>(events);
    ordered.sort(Comparator.comparing(Event::id));
    for (Event event : ordered) {
      EventKey key = event.key();
      MappingUsed used = event.origin().mapping();
      rows.row()
          .uuid(event.id())
          .uuid(EntityVersion.of(event).id())
          .text(key.entity())
          .text(InboxRows.action(event))
          .text(key.externalId())
          .bigint(event.version())
          .bigint(used == null ? null : used.id())
          .jsonb(event.data());
    }
    return rows;
  }
}
