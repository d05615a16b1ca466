package dev.cmmshub.store;

import dev.cmmshub.tenant.Tenant;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The jobs of bulk loads, each in its tenant's shard. Whoever calls waits for the shard. */
public final class BulkJobs {
  private static final String CREATE =
      """
      INSERT INTO bulk_job (tenant_id, job_id, system, format, name, created_by, total_bytes)
      VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
      """;

  /** What has come never becomes less, in whatever order it is told. */
  private static final String RECEIVED =
      """
      UPDATE bulk_job SET received_bytes = greatest(received_bytes, ?),
             received_rows = greatest(received_rows, ?)
       WHERE tenant_id = ? AND job_id = ?
      """;

  private static final String COMPLETE =
      """
      UPDATE bulk_job SET chunks = ?,
             state = CASE WHEN state = 'receiving' THEN 'running' ELSE state END
       WHERE tenant_id = ? AND job_id = ?
      """;

  /** A job that has ended stays as it is. */
  private static final String MOVE =
      """
      UPDATE bulk_job SET state = ?, reason = ?,
             ended_at = CASE WHEN ? THEN now() END
       WHERE tenant_id = ? AND job_id = ? AND state = ANY (?)
      """;

  private static final String SELECT =
      """
      SELECT j.*, c.*
        FROM bulk_job j
       CROSS JOIN LATERAL (
         SELECT count(*) AS done, coalesce(sum(applied), 0) AS applied,
                coalesce(sum(duplicate), 0) AS duplicate, coalesce(sum(stale), 0) AS stale,
                coalesce(sum(queued), 0) AS queued, coalesce(sum(rejected), 0) AS rejected
           FROM bulk_chunk WHERE job_id = j.job_id AND tenant_id = j.tenant_id) AS c
       WHERE j.tenant_id = ?
      """;
  private static final String REJECTS =
      """
      SELECT row_number, line, place, code, reason, row_text FROM bulk_reject
       WHERE tenant_id = ? AND job_id = ? AND row_number > ?
       ORDER BY row_number LIMIT ?
      """;

  private final Shards shards;

  public BulkJobs(Shards shards) {
    this.shards = shards;
  }

  /** False when there is one of this id. */
  public boolean create(Tenant owner, BulkJob job) throws SQLException {
    return in(
        owner,
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(CREATE)) {
            statement.setString(1, owner.id());
            statement.setObject(2, job.id());
            statement.setString(3, job.system());
            statement.setString(4, job.format());
            statement.setString(5, job.name());
            statement.setString(6, job.createdBy());
            statement.setObject(7, job.totalBytes() == 0 ? null : job.totalBytes());
            return statement.executeUpdate() == 1;
          }
        });
  }

  /** Notes how much Kafka has of it. */
  public void received(Tenant owner, UUID job, long bytes, long rows) throws SQLException {
    update(owner, job, RECEIVED, bytes, rows);
  }

  /** All of its file has come, in so many chunks. */
  public void complete(Tenant owner, UUID job, int chunks) throws SQLException {
    update(owner, job, COMPLETE, chunks);
  }

  /**
   * Moves it to another state.
   *
   * @param reason why, or null
   * @return false when it is in none of the states that allow it
   */
  public boolean move(
      Tenant owner, UUID job, Set<BulkJob.State> from, BulkJob.State to, String reason)
      throws SQLException {
    return in(
        owner,
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(MOVE)) {
            statement.setString(1, text(to));
            statement.setString(2, reason);
            statement.setBoolean(3, to.isEnd());
            statement.setString(4, owner.id());
            statement.setObject(5, job);
            statement.setArray(
                6, connection.createArrayOf("text", from.stream().map(BulkJobs::text).toArray()));
            return statement.executeUpdate() == 1;
          }
        });
  }

  public Optional<BulkJob> find(Tenant owner, UUID job) throws SQLException {
    return select(owner, " AND j.job_id = ?", job).stream().findFirst();
  }

  /** The newest first, those behind a time. */
  public List<BulkJob> list(Tenant owner, Instant before, int most) throws SQLException {
    return select(
        owner,
        " AND j.created_at < ? ORDER BY j.created_at DESC LIMIT ?",
        Timestamp.from(before),
        most);
  }

  /** Rows that were not taken, behind one of them, in the order of the file. */
  public List<BulkReject> rejects(Tenant owner, UUID job, long after, int most)
      throws SQLException {
    return in(
        owner,
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(REJECTS)) {
            statement.setString(1, owner.id());
            statement.setObject(2, job);
            statement.setLong(3, after);
            statement.setInt(4, most);
            List<BulkReject> found = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
              while (rows.next()) {
                found.add(
                    new BulkReject(
                        rows.getLong(1),
                        rows.getLong(2),
                        rows.getInt(3),
                        rows.getString(4),
                        rows.getString(5),
                        rows.getString(6)));
              }
            }
            return found;
          }
        });
  }

  private <T> T in(Tenant owner, Shard.Work<T> work) throws SQLException {
    Shard shard = shards.of(owner);
    return Insistence.insist(shard.name(), () -> shard.transaction(Set.of(owner.id()), work));
  }

  private void update(Tenant owner, UUID job, String sql, Object... values) throws SQLException {
    in(
        owner,
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
              statement.setObject(i + 1, values[i]);
            }
            statement.setString(values.length + 1, owner.id());
            statement.setObject(values.length + 2, job);
            return statement.executeUpdate();
          }
        });
  }

  private List<BulkJob> select(Tenant owner, String more, Object... values) throws SQLException {
    return in(
        owner,
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(SELECT + more)) {
            statement.setString(1, owner.id());
            for (int i = 0; i < values.length; i++) {
              statement.setObject(i + 2, values[i]);
            }
            List<BulkJob> found = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
              while (rows.next()) {
                found.add(job(rows));
              }
            }
            return found;
          }
        });
  }

  private static BulkJob job(ResultSet row) throws SQLException {
    Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
    for (Outcome one : Outcome.values()) {
      counts.put(one, row.getLong(one.name().toLowerCase(Locale.ROOT)));
    }
    Timestamp ended = row.getTimestamp("ended_at");
    return new BulkJob(
        row.getString("tenant_id"),
        row.getObject("job_id", UUID.class),
        row.getString("system"),
        row.getString("format"),
        row.getString("name"),
        row.getString("created_by"),
        row.getTimestamp("created_at").toInstant(),
        BulkJob.State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
        ended == null ? null : ended.toInstant(),
        row.getString("reason"),
        row.getLong("received_bytes"),
        row.getLong("total_bytes"),
        row.getLong("received_rows"),
        row.getInt("chunks"),
        row.getInt("done"),
        counts,
        row.getLong("rejected"));
  }

  private static String text(BulkJob.State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }
}
