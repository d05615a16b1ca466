package dev.cmmshub.store.bulk;

import dev.cmmshub.store.Shard;
import dev.cmmshub.store.Shards;
import dev.cmmshub.tenant.Tenant;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;

/**
 * Which chunks a job has: each is written down before it is sent, so that a job is done when none
 * that is written down waits. Does not wait for a shard that is away.
 */
public final class BulkManifest {
  /** More of a job are not on their way at once: so a small job is not stuck behind a huge one. */
  public static final int MOST_WAITING = 16;

  /** What has come never becomes less, in whatever order it is told. */
  private static final String CONFIRM =
      """
      UPDATE bulk_job SET received_rows = ?, received_bytes = ?, received_line = ?,
             received_chunks = ?, place = ?
       WHERE tenant_id = ? AND job_id = ? AND received_chunks < ?
      """;

  private static final String STANDING =
      """
      SELECT state, (SELECT count(*) FROM bulk_chunk c
                      WHERE c.job_id = j.job_id AND c.tenant_id = j.tenant_id AND done_at IS NULL)
        FROM bulk_job j WHERE tenant_id = ? AND job_id = ?
      """;

  /** Nothing if one with this number has other rows. */
  private static final String PLAN =
      """
      INSERT INTO bulk_chunk AS c (tenant_id, job_id, number, first_row, row_count)
      VALUES (?, ?, ?, ?, ?) ON CONFLICT (job_id, number, tenant_id) DO UPDATE
         SET row_count = excluded.row_count
       WHERE c.first_row = excluded.first_row AND c.row_count = excluded.row_count
      """;

  /** Those were written down by a feeder that ended, and nobody knows whether they were sent. */
  private static final String RESTART =
      """
      DELETE FROM bulk_chunk c USING bulk_job j
       WHERE c.tenant_id = ? AND c.job_id = ? AND c.done_at IS NULL
         AND j.tenant_id = c.tenant_id AND j.job_id = c.job_id AND c.number >= j.received_chunks
      """;

  private static final String NEXT =
      """
      SELECT greatest((SELECT received_chunks FROM bulk_job WHERE tenant_id = ? AND job_id = ?),
                      (SELECT max(number) + 1 FROM bulk_chunk WHERE tenant_id = ? AND job_id = ?))
      """;
  private static final String COMPLETE =
      """
      UPDATE bulk_job SET is_complete = true,
             state = CASE WHEN state = 'receiving' THEN 'running' ELSE state END
       WHERE tenant_id = ? AND job_id = ?
      """;
  private static final String FINISH =
      """
      UPDATE bulk_job j SET state = 'done', ended_at = now()
       WHERE tenant_id = ? AND job_id = ? AND is_complete AND state IN ('running', 'paused')
         AND NOT EXISTS (SELECT FROM bulk_chunk c WHERE c.job_id = j.job_id
                            AND c.tenant_id = j.tenant_id AND c.done_at IS NULL)
      """;
  private static final String CHUNKS =
      """
      SELECT number, first_row, row_count, applied, duplicate, stale, queued, rejected,
             done_at IS NOT NULL
        FROM bulk_chunk WHERE tenant_id = ? AND job_id = ? AND number > ?
       ORDER BY number LIMIT ?
      """;

  /**
   * How a job is.
   *
   * @param waiting chunks that are sent or about to be, and not written
   * @param isOther whether the chunk to be written down is there with other rows
   */
  public record Standing(BulkJob.State state, int waiting, boolean isOther) {
    public boolean hasRoom() {
      return waiting < MOST_WAITING;
    }
  }

  /** A chunk and what became of it. */
  public record Entry(
      int number,
      long firstRow,
      int rows,
      long applied,
      long duplicate,
      long stale,
      long queued,
      long rejected,
      boolean isDone) {}

  private final Shards shards;

  public BulkManifest(Shards shards) {
    this.shards = shards;
  }

  /**
   * Notes what Kafka has by now, and writes down the next chunk if the job receives and has room.
   *
   * @param received what came before this chunk; its number of chunks is this one's number
   * @return how the job was before
   */
  public Standing plan(Tenant owner, UUID job, BulkReceived received, long firstRow, int rows)
      throws SQLException {
    return in(
        owner,
        connection -> {
          confirm(connection, owner, job, received);
          Standing standing = standing(connection, owner, job);
          if (standing.state() == BulkJob.State.RECEIVING && standing.hasRoom()) {
            int same = update(connection, PLAN, owner.id(), job, received.chunks(), firstRow, rows);
            return new Standing(standing.state(), standing.waiting(), same == 0);
          }
          return standing;
        });
  }

  /** Notes what Kafka has by now. */
  public void confirm(Tenant owner, UUID job, BulkReceived received) throws SQLException {
    in(owner, connection -> confirm(connection, owner, job, received));
  }

  /** All of it has come. */
  public void complete(Tenant owner, UUID job, BulkReceived received) throws SQLException {
    in(
        owner,
        connection ->
            confirm(connection, owner, job, received)
                + update(connection, COMPLETE, owner.id(), job));
    finish(owner, job);
  }

  /** Ends the job if all of it is written; in a transaction after that of the last chunk. */
  public void finish(Tenant owner, UUID job) throws SQLException {
    in(owner, connection -> update(connection, FINISH, owner.id(), job));
  }

  /**
   * For rows that need not be the same when they are asked for again: forgets what may not have
   * been sent.
   *
   * @return a number that no chunk had before
   */
  public int restart(Tenant owner, UUID job) throws SQLException {
    return in(
        owner,
        connection -> {
          update(connection, RESTART, owner.id(), job);
          try (PreparedStatement statement =
                  prepare(connection, NEXT, owner.id(), job, owner.id(), job);
              ResultSet rows = statement.executeQuery()) {
            rows.next();
            return rows.getInt(1);
          }
        });
  }

  /** The chunks behind one of them; -1: from the first on. */
  public List<Entry> chunks(Tenant owner, UUID job, int after, int most) throws SQLException {
    return in(
        owner,
        connection -> {
          List<Entry> found = new ArrayList<>();
          try (PreparedStatement statement =
                  prepare(connection, CHUNKS, owner.id(), job, after, most);
              ResultSet row = statement.executeQuery()) {
            while (row.next()) {
              found.add(
                  new Entry(
                      row.getInt(1),
                      row.getLong(2),
                      row.getInt(3),
                      row.getLong(4),
                      row.getLong(5),
                      row.getLong(6),
                      row.getLong(7),
                      row.getLong(8),
                      row.getBoolean(9)));
            }
          }
          return found;
        });
  }

  private static int confirm(Connection connection, Tenant owner, UUID job, BulkReceived received)
      throws SQLException {
    return update(
        connection,
        CONFIRM,
        received.rows(),
        received.bytes(),
        received.line(),
        received.chunks(),
        received.place(),
        owner.id(),
        job,
        received.chunks());
  }

  private static Standing standing(Connection connection, Tenant owner, UUID job)
      throws SQLException {
    try (PreparedStatement statement = prepare(connection, STANDING, owner.id(), job);
        ResultSet rows = statement.executeQuery()) {
      rows.next();
      return new Standing(
          BulkJob.State.valueOf(rows.getString(1).toUpperCase(Locale.ROOT)), rows.getInt(2), false);
    }
  }

  private <T> T in(Tenant owner, Shard.Work<T> work) throws SQLException {
    return shards.of(owner).transaction(Set.of(owner.id()), work);
  }

  private static int update(Connection connection, String sql, Object... values)
      throws SQLException {
    try (PreparedStatement statement = prepare(connection, sql, values)) {
      return statement.executeUpdate();
    }
  }

  private static PreparedStatement prepare(Connection connection, String sql, Object... values)
      throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    try {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      return statement;
    } catch (SQLException e) {
      statement.close();
      throw e;
    }
  }
}
