package dev.cmmshub.store.bulk;

import dev.cmmshub.store.Outcome;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/** Reads a row of {@code bulk_job} with the sums of its chunks. */
final class JobRow {
  private JobRow() {}

  static BulkJob read(ResultSet row) throws SQLException {
    Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
    for (Outcome one : Outcome.values()) {
      counts.put(one, row.getLong(one.name().toLowerCase(Locale.ROOT)));
    }
    return new BulkJob(
        row.getString("tenant_id"),
        row.getObject("job_id", UUID.class),
        order(row),
        moment(row, "created_at"),
        BulkJob.State.valueOf(upper(row, "state")),
        moment(row, "ended_at"),
        row.getString("reason"),
        new BulkReceived(
            row.getLong("received_rows"),
            row.getLong("received_bytes"),
            row.getLong("received_line"),
            row.getInt("received_chunks"),
            row.getString("place")),
        row.getBoolean("is_complete"),
        row.getInt("sent"),
        row.getInt("done"),
        counts,
        row.getLong("rejected"));
  }

  private static BulkOrder order(ResultSet row) throws SQLException {
    return new BulkOrder(
        BulkOrder.Kind.valueOf(upper(row, "kind")),
        row.getString("system"),
        row.getString("entity"),
        row.getString("format"),
        row.getString("name"),
        row.getString("created_by"),
        row.getObject("parent", UUID.class),
        moment(row, "since"),
        moment(row, "until"),
        (Long) row.getObject("total_bytes"));
  }

  private static String upper(ResultSet row, String column) throws SQLException {
    return row.getString(column).toUpperCase(Locale.ROOT);
  }

  private static Instant moment(ResultSet row, String column) throws SQLException {
    Timestamp found = row.getTimestamp(column);
    return found == null ? null : found.toInstant();
  }
}
