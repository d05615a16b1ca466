package dev.cmmshub.recovery;

import dev.cmmshub.store.Shard;
import dev.cmmshub.store.Shards;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.Tenants;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/** Counts what waits in a shard: parked events and dead letters. */
public final class Backlog {
  private static final String PARKED =
      """
      SELECT tenant_id,
             CASE WHEN since > now() - interval '1 minute' THEN '1m'
                  WHEN since > now() - interval '10 minutes' THEN '10m'
                  WHEN since > now() - interval '1 hour' THEN '1h'
                  WHEN since > now() - interval '1 day' THEN '1d'
                  ELSE 'older' END AS age,
             count(*), count(due_at), greatest(extract(epoch FROM now() - min(since)), 0)
        FROM (SELECT tenant_id, first_failed_at AS since, due_at FROM parked) AS waiting
       GROUP BY 1, 2
      """;
  private static final String DEAD =
      """
      SELECT tenant_id, error_class,
             CASE WHEN died_at > now() - interval '1 hour' THEN '1h'
                  WHEN died_at > now() - interval '1 day' THEN '1d'
                  WHEN died_at > now() - interval '7 days' THEN '7d'
                  ELSE 'older' END AS age,
             count(*), greatest(extract(epoch FROM now() - min(died_at)), 0)
        FROM dead_letter
       GROUP BY 1, 2, 3
      """;

  /**
   * What one tenant has parked for about as long.
   *
   * @param age less than {@code 1m}, {@code 10m}, {@code 1h} or {@code 1d}, or {@code older}
   * @param events all of them
   * @param heads those that failed themselves; the others wait behind them
   * @param oldestSeconds how long ago the first of them failed
   */
  public record Parked(String tenant, String age, long events, long heads, double oldestSeconds) {}

  /**
   * Dead letters of one tenant and error class that are about as old.
   *
   * @param age less than {@code 1h}, {@code 1d} or {@code 7d}, or {@code older}
   * @param oldestSeconds how old the oldest of them is
   */
  public record Dead(
      String tenant, String errorClass, String age, long letters, double oldestSeconds) {}

  private interface Row<T> {
    T of(ResultSet row) throws SQLException;
  }

  private final Supplier<Tenants> tenants;
  private final Shards shards;

  public Backlog(Supplier<Tenants> tenants, Shards shards) {
    this.tenants = tenants;
    this.shards = shards;
  }

  /** By age; a tenant of the shard that has nothing parked is there with the youngest. */
  public List<Parked> parked(Shard shard) throws SQLException {
    return rows(
        shard,
        PARKED,
        row ->
            new Parked(
                row.getString(1),
                row.getString(2),
                row.getLong(3),
                row.getLong(4),
                row.getDouble(5)),
        Parked::tenant,
        tenant -> new Parked(tenant, "1m", 0, 0, 0));
  }

  /** By class and age; a tenant of the shard that has none is there with an empty class. */
  public List<Dead> dead(Shard shard) throws SQLException {
    return rows(
        shard,
        DEAD,
        row ->
            new Dead(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getLong(4),
                row.getDouble(5)),
        Dead::tenant,
        tenant -> new Dead(tenant, "", "1h", 0, 0));
  }

  private <T> List<T> rows(
      Shard shard, String sql, Row<T> row, Function<T, String> owner, Function<String, T> nothing)
      throws SQLException {
    Set<String> owners = new LinkedHashSet<>();
    for (Tenant tenant : shards.byShard(tenants.get().all()).getOrDefault(shard, List.of())) {
      owners.add(tenant.id());
    }
    List<T> found = shard.transaction(owners, connection -> rows(connection, sql, row));
    found.forEach(one -> owners.remove(owner.apply(one)));
    owners.forEach(tenant -> found.add(nothing.apply(tenant)));
    return found;
  }

  private static <T> List<T> rows(Connection connection, String sql, Row<T> row)
      throws SQLException {
    List<T> found = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        found.add(row.of(rows));
      }
    }
    return found;
  }
}
