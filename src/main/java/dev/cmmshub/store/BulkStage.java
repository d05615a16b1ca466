package dev.cmmshub.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cmmshub.message.Event;
import dev.cmmshub.message.EventKey;
import dev.cmmshub.message.MappingUsed;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.postgresql.PGConnection;

/**
 * Writes many events of one tenant at once: {@code COPY} into a temporary table, and one statement
 * that merges it into inbox and objects. Same rules as for events that come one by one.
 */
final class BulkStage {
  private static final String TABLE =
      """
      CREATE TEMP TABLE IF NOT EXISTS bulk_stage (
        event_id uuid, object_id uuid, entity text, action text, external_id text, version bigint,
        mapping bigint, system text, tenant_id text, received_at timestamptz, received_by text, data jsonb
      ) ON COMMIT DELETE ROWS
      """;
  private static final String COPY = "COPY bulk_stage FROM STDIN";

  /** Says what was not applied, which is little. Objects are locked in one order for all. */
  private static final String MERGE =
      """
      WITH fresh AS (
        INSERT INTO inbox (tenant_id, event_id, received_at, source_version, mapping, system, entity,
                           action, external_id, received_by)
        SELECT tenant_id, event_id, received_at, version, mapping, system, entity, action, external_id,
               received_by
          FROM bulk_stage
        ON CONFLICT DO NOTHING
        RETURNING event_id
      ), newest AS (
        SELECT DISTINCT ON (s.entity, s.object_id) s.*
          FROM bulk_stage s JOIN fresh USING (event_id)
         ORDER BY s.entity, s.object_id, s.version DESC
      ), changed AS (
        INSERT INTO entity (tenant_id, entity, id, source_version, event_id, data)
        SELECT tenant_id, entity, object_id, version, event_id, data FROM newest
        ON CONFLICT (tenant_id, entity, id) DO UPDATE
          SET source_version = excluded.source_version, event_id = excluded.event_id,
              updated_at = now(), data = excluded.data
          WHERE entity.source_version <= excluded.source_version
        RETURNING event_id
      )
      SELECT s.event_id::text, f.event_id IS NULL
        FROM bulk_stage s LEFT JOIN fresh f USING (event_id) LEFT JOIN changed c USING (event_id)
       WHERE c.event_id IS NULL
      """;

  private final Connection connection;
  private boolean isUsed;

  /**
   * @param connection in whose transaction no other was made
   */
  BulkStage(Connection connection) {
    this.connection = connection;
  }

  /** What became of those that were not applied, by their ids. */
  Map<String, Outcome> merge(List<Event> events) throws SQLException {
    Map<String, Outcome> others = new HashMap<>();
    try (Statement statement = connection.createStatement()) {
      statement.execute(TABLE);
      if (isUsed) {
        statement.execute("TRUNCATE bulk_stage");
      }
      isUsed = true;
      copy(lines(events));
      try (ResultSet rows = statement.executeQuery(MERGE)) {
        while (rows.next()) {
          others.put(rows.getString(1), rows.getBoolean(2) ? Outcome.DUPLICATE : Outcome.STALE);
        }
      }
    }
    return others;
  }

  private void copy(byte[] lines) throws SQLException {
    try {
      connection
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyIn(COPY, new ByteArrayInputStream(lines), lines.length);
    } catch (IOException e) {
      throw new IllegalStateException("bytes in memory can be read", e);
    }
  }

  /** PostgreSQL's text format: tabs between columns, a backslash before what would end them. */
  private static byte[] lines(List<Event> events) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(events.size() * 512);
    for (Event event : events) {
      EventKey key = event.key();
      MappingUsed used = event.origin().mapping();
      text(out, event.id());
      text(out, EntityVersion.of(event).id());
      text(out, key.entity());
      text(out, InboxRows.action(event));
      text(out, key.externalId());
      text(out, Long.toString(event.version()));
      text(out, used == null ? null : Long.toString(used.id()));
      text(out, key.system());
      text(out, key.tenant());
      text(out, event.time().toString());
      text(out, event.origin().receivedBy());
      escaped(out, event.data());
      out.write('\n');
    }
    return out.toByteArray();
  }

  private static void text(ByteArrayOutputStream out, String text) {
    if (text == null) {
      out.write('\\');
      out.write('N');
    } else {
      escaped(out, text.getBytes(UTF_8));
    }
    out.write('\t');
  }

  private static void escaped(ByteArrayOutputStream out, byte[] bytes) {
    int from = 0;
    for (int i = 0; i < bytes.length; i++) {
      byte one = bytes[i];
      if (one == '\\' || one == '\n' || one == '\r' || one == '\t') {
        out.write(bytes, from, i - from);
        out.write('\\');
        out.write(one == '\n' ? 'n' : one == '\r' ? 'r' : one == '\t' ? 't' : '\\');
        from = i + 1;
      }
    }
    out.write(bytes, from, bytes.length - from);
  }
}
