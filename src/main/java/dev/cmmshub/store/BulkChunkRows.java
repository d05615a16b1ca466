package dev.cmmshub.store;

import dev.cmmshub.message.Event;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is noted of a chunk: that it is done, its counts, and its rejects. */
final class BulkChunkRows {
  /** Of a job that was cancelled nothing more is written. */
  private static final String DONE =
      """
      INSERT INTO bulk_chunk (tenant_id, job_id, number, first_row, row_count, done_at)
      SELECT ?, ?, ?, ?, ?, now()
       WHERE NOT EXISTS (SELECT FROM bulk_job WHERE tenant_id = ? AND job_id = ? AND state = 'cancelled')
      ON CONFLICT (job_id, number, tenant_id) DO UPDATE SET done_at = excluded.done_at
        WHERE bulk_chunk.done_at IS NULL
      """;

  private static final String KNOWN =
      """
      SELECT applied, duplicate, stale, queued, rejected FROM bulk_chunk
       WHERE tenant_id = ? AND job_id = ? AND number = ? AND done_at IS NOT NULL
      """;

  /** Who is told of them again knows them by their ids. */
  private static final String TOLD =
      """
      SELECT event_id::text FROM inbox
       WHERE tenant_id = ? AND event_id = ANY (?::uuid[]) AND NOT stale
      """;

  private static final String COUNTS =
      """
      UPDATE bulk_chunk SET applied = ?, duplicate = ?, stale = ?, queued = ?, rejected = ?
       WHERE tenant_id = ? AND job_id = ? AND number = ?
      """;
  private static final String REJECTS =
      """
      INSERT INTO bulk_reject (tenant_id, job_id, row_number, line, place, code, reason, row_text)
      SELECT ?, ?, * FROM unnest(?::bigint[], ?::bigint[], ?::integer[], ?::text[], ?::text[], ?::text[])
      ON CONFLICT DO NOTHING
      """;
  private static final Outcome[] COUNTED = {
    Outcome.APPLIED, Outcome.DUPLICATE, Outcome.STALE, Outcome.QUEUED
  };

  private final Connection connection;
  private final BulkChunk chunk;
  private final Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
  private final List<Event> changed;
  private final List<Event> newer = new ArrayList<>(0);

  BulkChunkRows(Connection connection, BulkChunk chunk) {
    this.connection = connection;
    this.chunk = chunk;
    this.changed = new ArrayList<>(chunk.rows().size());
    for (Outcome one : COUNTED) {
      counts.put(one, 0);
    }
  }

  /**
   * False when it was done before, or its job was cancelled; whoever works on it at the same time
   * is waited for.
   */
  boolean begin() throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(DONE)) {
      name(statement, 1);
      statement.setLong(4, chunk.firstRow());
      statement.setInt(5, chunk.rows().size() + chunk.rejects().size());
      statement.setString(6, chunk.tenant());
      statement.setObject(7, chunk.job());
      return statement.executeUpdate() == 1;
    }
  }

  /** What became of it before; nothing if its job was cancelled. */
  BulkOutcome known() throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(KNOWN)) {
      name(statement, 1);
      try (ResultSet rows = statement.executeQuery()) {
        if (!rows.next()) {
          return new BulkOutcome(counts, 0, List.of(), List.of(), true);
        }
        for (int i = 0; i < COUNTED.length; i++) {
          counts.put(COUNTED[i], rows.getInt(i + 1));
        }
        List<Event> told = told();
        return new BulkOutcome(counts, rows.getInt(COUNTED.length + 1), told, told, true);
      }
    }
  }

  private List<Event> told() throws SQLException {
    Set<String> ids = new HashSet<>();
    try (PreparedStatement statement = connection.prepareStatement(TOLD)) {
      statement.setString(1, chunk.tenant());
      statement.setArray(
          2,
          connection.createArrayOf(
              "text", chunk.rows().stream().map(row -> row.translated().id()).toArray()));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          ids.add(rows.getString(1));
        }
      }
    }
    return chunk.rows().stream()
        .map(BulkRow::translated)
        .filter(event -> ids.remove(event.id()))
        .toList();
  }

  /**
   * Counts what became of some rows.
   *
   * @param outcomes by the ids of the rows' events; one that is not there was refused
   * @param replaced the ids of events that took another version's place
   */
  void count(List<BulkRow> rows, Map<String, Outcome> outcomes, Set<String> replaced) {
    for (BulkRow row : rows) {
      Event event = row.translated();
      Outcome outcome = outcomes.get(event.id());
      if (outcome != null) {
        counts.merge(outcome, 1, Integer::sum);
      }
      if (outcome == Outcome.APPLIED) {
        changed.add(event);
        if (replaced.contains(event.id())) {
          newer.add(event);
        }
      }
    }
  }

  /** Counts rows of events that are here already. */
  void countKnown(int more) {
    counts.merge(Outcome.DUPLICATE, more, Integer::sum);
  }

  /** Notes what was counted. */
  BulkOutcome end(List<BulkReject> rejects) throws SQLException {
    reject(rejects);
    try (PreparedStatement statement = connection.prepareStatement(COUNTS)) {
      for (int i = 0; i < COUNTED.length; i++) {
        statement.setInt(i + 1, counts.get(COUNTED[i]));
      }
      statement.setInt(5, rejects.size());
      name(statement, 6);
      statement.executeUpdate();
    }
    return new BulkOutcome(counts, rejects.size(), changed, newer, false);
  }

  private void name(PreparedStatement statement, int first) throws SQLException {
    statement.setString(first, chunk.tenant());
    statement.setObject(first + 1, chunk.job());
    statement.setInt(first + 2, chunk.number());
  }

  private void reject(List<BulkReject> rejects) throws SQLException {
    if (rejects.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(REJECTS)) {
      statement.setString(1, chunk.tenant());
      statement.setObject(2, chunk.job());
      Object[][] columns = new Object[6][rejects.size()];
      for (int i = 0; i < rejects.size(); i++) {
        BulkReject one = rejects.get(i);
        columns[0][i] = one.row();
        columns[1][i] = one.line();
        columns[2][i] = one.place();
        columns[3][i] = one.code();
        columns[4][i] = storable(one.reason());
        columns[5][i] = storable(one.text());
      }
      for (int i = 0; i < columns.length; i++) {
        String type = i < 2 ? "int8" : i == 2 ? "int4" : "text";
        statement.setArray(i + 3, connection.createArrayOf(type, columns[i]));
      }
      statement.executeUpdate();
    }
  }

  /** PostgreSQL's texts have no character 0. */
  private static String storable(String text) {
    return text.replace('\0', '\uFFFD');
  }
}
