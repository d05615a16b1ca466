package dev.cmmshub.store.bulk;

import dev.cmmshub.store.BulkReject;
import dev.cmmshub.store.Shards;
import dev.cmmshub.tenant.Tenant;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Rows that were not taken. */
public final class BulkRejects {
  private static final String REJECTS =
      """
      SELECT row_number, line, place, code, reason, row_text FROM bulk_reject
       WHERE tenant_id = ? AND job_id = ? AND row_number > ?
       ORDER BY row_number LIMIT ?
      """;

  private final Shards shards;

  public BulkRejects(Shards shards) {
    this.shards = shards;
  }

  /**
   * In the order of the file, behind one of its rows; does not wait for a shard that is away.
   *
   * @param after 0: from the first on
   */
  public List<BulkReject> of(Tenant owner, UUID job, long after, int most) throws SQLException {
    return shards
        .of(owner)
        .transaction(
            Set.of(owner.id()),
            connection -> {
              try (PreparedStatement statement = connection.prepareStatement(REJECTS)) {
                statement.setString(1, owner.id());
                statement.setObject(2, job);
                statement.setLong(3, after);
                statement.setInt(4, most);
                try (ResultSet rows = statement.executeQuery()) {
                  return read(rows);
                }
              }
            });
  }

  private static List<BulkReject> read(ResultSet rows) throws SQLException {
    List<BulkReject> found = new ArrayList<>();
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
    return found;
  }
}
