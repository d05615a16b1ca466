package dev.cmmshub.store.bulk;

import dev.cmmshub.store.Shard;
import dev.cmmshub.store.Shards;
import dev.cmmshub.tenant.Tenant;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Which process feeds a job whose rows the hub itself fetches: one at a time. A lease that is not
 * renewed ends, and whoever comes next goes on.
 */
public final class BulkLeases {
  private static final Duration LEASE = Duration.ofSeconds(15);

  /** Who waited longest comes first, so that jobs take turns. */
  private static final String CLAIM =
      """
      UPDATE bulk_job SET leased_by = ?, leased_until = now() + ?::interval
       WHERE (tenant_id, job_id) IN (
         SELECT tenant_id, job_id FROM bulk_job
          WHERE tenant_id = ANY (?) AND kind <> 'upload' AND state = 'receiving' AND NOT is_complete
            AND leased_until < now()
          ORDER BY leased_until, created_at LIMIT ? FOR UPDATE SKIP LOCKED)
      RETURNING tenant_id, job_id
      """;

  private static final String RENEW =
      """
      UPDATE bulk_job SET leased_until = now() + ?::interval
       WHERE tenant_id = ? AND job_id = ? AND leased_by = ?
      """;
  private static final String REST =
      """
      UPDATE bulk_job SET leased_by = NULL, leased_until = now() + ?::interval, reason = ?
       WHERE tenant_id = ? AND job_id = ? AND leased_by = ?
      """;

  /** A job to be fed. */
  public record Claimed(String tenant, UUID job) {}

  private final Shards shards;
  private final String holder;

  /**
   * @param holder names this process
   */
  public BulkLeases(Shards shards, String holder) {
    this.shards = shards;
    this.holder = holder;
  }

  /** Takes up to so many jobs of a shard that nobody feeds. */
  public List<Claimed> claim(Shard shard, Collection<String> tenants, int most)
      throws SQLException {
    return shard.transaction(
        tenants,
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(CLAIM)) {
            statement.setString(1, holder);
            statement.setString(2, interval(LEASE));
            statement.setArray(3, connection.createArrayOf("text", tenants.toArray()));
            statement.setInt(4, most);
            List<Claimed> claimed = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
              while (rows.next()) {
                claimed.add(new Claimed(rows.getString(1), rows.getObject(2, UUID.class)));
              }
            }
            return claimed;
          }
        });
  }

  /** Keeps a job; false when another process has it. */
  public boolean renew(Tenant owner, UUID job) throws SQLException {
    return update(owner, RENEW, interval(LEASE), owner.id(), job, holder);
  }

  /**
   * Gives a job back for a while.
   *
   * @param reason why it rests, or null
   */
  public void rest(Tenant owner, UUID job, Duration pause, String reason) throws SQLException {
    update(owner, REST, interval(pause), reason, owner.id(), job, holder);
  }

  private boolean update(Tenant owner, String sql, Object... values) throws SQLException {
    return shards
        .of(owner)
        .transaction(
            Set.of(owner.id()),
            connection -> {
              try (PreparedStatement statement = connection.prepareStatement(sql)) {
                for (int i = 0; i < values.length; i++) {
                  statement.setObject(i + 1, values[i]);
                }
                return statement.executeUpdate() == 1;
              }
            });
  }

  private static String interval(Duration duration) {
    return duration.toMillis() + " ms";
  }
}
