package dev.cmmshub.store.bulk;

import dev.cmmshub.store.Insistence;
import dev.cmmshub.store.Shard;
import dev.cmmshub.store.Shards;
import dev.cmmshub.store.bulk.BulkJob.State;
import dev.cmmshub.tenant.Tenant;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The jobs of bulk loads, each in its tenant's shard. Does not wait for a shard that is away. */
public final class BulkJobs {
  private static final String CREATE =
      """
      INSERT INTO bulk_job (tenant_id, job_id, kind, system, entity, format, name, created_by, parent,
                            since, until, total_bytes)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
      """;

  /** A job that has ended stays as it is. */
  private static final String MOVE =
      """
      UPDATE bulk_job SET state = ?, reason = ?, ended_at = CASE WHEN ? THEN now() END
       WHERE tenant_id = ? AND job_id = ? AND state = ANY (?)
      """;

  private static final String RESUME =
      """
      UPDATE bulk_job SET state = CASE WHEN is_complete THEN 'running' ELSE 'receiving' END
       WHERE tenant_id = ? AND job_id = ? AND state = 'paused'
      """;
  private static final String SELECT =
      """
      SELECT j.*, c.*
        FROM bulk_job j
       CROSS JOIN LATERAL (
         SELECT count(*) AS sent, count(done_at) AS done, coalesce(sum(applied), 0) AS applied,
                coalesce(sum(duplicate), 0) AS duplicate, coalesce(sum(stale), 0) AS stale,
                coalesce(sum(queued), 0) AS queued, coalesce(sum(rejected), 0) AS rejected
           FROM bulk_chunk WHERE job_id = j.job_id AND tenant_id = j.tenant_id) AS c
       WHERE j.tenant_id = ?
      """;
  private static final Instant NEVER = Instant.parse("9999-01-01T00:00:00Z");
  private static final UUID HIGHEST = new UUID(-1, -1);

  /**
   * Which jobs are listed: the newest first.
   *
   * @param state null for any
   * @param system null for any
   * @param before created before this moment, or at it with a lower id
   * @param most so many
   */
  public record Query(State state, String system, Instant before, UUID beforeId, int most) {
    /** From the newest on. */
    public Query(State state, String system, int most) {
      this(state, system, NEVER, HIGHEST, most);
    }
  }

  private final Shards shards;

  public BulkJobs(Shards shards) {
    this.shards = shards;
  }

  /** False when there is one of this id. */
  public boolean create(Tenant owner, UUID id, BulkOrder order) throws SQLException {
    Object[] values = {
      text(order.kind()),
      order.system(),
      order.entity(),
      order.format(),
      order.name(),
      order.createdBy(),
      order.parent(),
      timestamp(order.since()),
      timestamp(order.until()),
      order.totalBytes()
    };
    return in(
        owner,
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(CREATE)) {
            statement.setString(1, owner.id());
            statement.setObject(2, id);
            for (int i = 0; i < values.length; i++) {
              statement.setObject(i + 3, values[i]);
            }
            return statement.executeUpdate() == 1;
          }
        });
  }

  /**
   * Moves it to another state.
   *
   * @param reason why, or null
   * @return false when it is in none of the states that allow it
   */
  public boolean move(Tenant owner, UUID job, Set<State> from, State to, String reason)
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

  /** A paused job goes on; false when it is not paused. */
  public boolean resume(Tenant owner, UUID job) throws SQLException {
    return in(
        owner,
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(RESUME)) {
            statement.setString(1, owner.id());
            statement.setObject(2, job);
            return statement.executeUpdate() == 1;
          }
        });
  }

  public Optional<BulkJob> find(Tenant owner, UUID job) throws SQLException {
    return select(owner, " AND j.job_id = ?", job).stream().findFirst();
  }

  /** The same, waiting while the shard is away. */
  public BulkJob get(Tenant owner, UUID job) throws SQLException {
    return Insistence.insist(shards.of(owner).name(), () -> find(owner, job)).orElseThrow();
  }

  public List<BulkJob> list(Tenant owner, Query query) throws SQLException {
    return select(
        owner,
        " AND (?::text IS NULL OR j.state = ?) AND (?::text IS NULL OR j.system = ?)"
            + " AND (j.created_at, j.job_id) < (?, ?)"
            + " ORDER BY j.created_at DESC, j.job_id DESC LIMIT ?",
        query.state() == null ? null : text(query.state()),
        query.state() == null ? null : text(query.state()),
        query.system(),
        query.system(),
        Timestamp.from(query.before()),
        query.beforeId(),
        query.most());
  }

  private <T> T in(Tenant owner, Shard.Work<T> work) throws SQLException {
    return shards.of(owner).transaction(Set.of(owner.id()), work);
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
                found.add(JobRow.read(rows));
              }
            }
            return found;
          }
        });
  }

  private static Timestamp timestamp(Instant moment) {
    return moment == null ? null : Timestamp.from(moment);
  }

  private static String text(Enum<?> one) {
    return one.name().toLowerCase(Locale.ROOT);
  }
}
