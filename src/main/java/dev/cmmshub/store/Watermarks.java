package dev.cmmshub.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * How far each polled resource has been read, and the lease that lets one process read it at a
 * time. Leases are by the shard's clock. A process that loses one cannot move the watermark any
 * more.
 */
public final class Watermarks {
  private static final String CLAIM =
      """
      INSERT INTO watermark AS w (tenant_id, system, resource, lease_owner, lease_until)
      VALUES (?, ?, ?, ?, now() + ? * interval '1 millisecond')
      ON CONFLICT (tenant_id, system, resource) DO UPDATE
         SET lease_owner = excluded.lease_owner, lease_until = excluded.lease_until
       WHERE w.lease_owner = excluded.lease_owner OR w.lease_until < now()
      RETURNING changed_until
      """;

  /** Never beyond now: a record from the future would hide all that change until then. */
  private static final String ADVANCE =
      """
      UPDATE watermark
         SET changed_until = CASE WHEN ?::timestamptz IS NULL THEN changed_until
                                  ELSE greatest(changed_until, least(?::timestamptz, now())) END,
             lease_until = now() + ? * interval '1 millisecond'
       WHERE tenant_id = ? AND system = ? AND resource = ? AND lease_owner = ?
      """;

  private static final String RENEW =
      "UPDATE watermark SET lease_until = now() + ? * interval '1 millisecond'"
          + " WHERE lease_owner = ?";

  private static final String RELEASE =
      "UPDATE watermark SET lease_until = now() - interval '1 second' WHERE lease_owner = ?";

  private final UUID owner;

  /**
   * @param owner this process, to be told from all others and from itself before a restart
   */
  public Watermarks(UUID owner) {
    this.owner = owner;
  }

  /** What is polled. */
  public record Resource(String tenant, String system, String name) {}

  /**
   * What a lease gives.
   *
   * @param changedUntil every change up to here is safe; absent before the first
   */
  public record Lease(Optional<Instant> changedUntil) {}

  /** Takes or renews the lease; nothing while another process has it. */
  public Optional<Lease> claim(Shard shard, Resource resource, Duration lease) throws SQLException {
    return shard.transaction(
        List.of(resource.tenant()), connection -> claim(connection, resource, lease));
  }

  private Optional<Lease> claim(Connection connection, Resource resource, Duration lease)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(CLAIM)) {
      statement.setString(1, resource.tenant());
      statement.setString(2, resource.system());
      statement.setString(3, resource.name());
      statement.setObject(4, owner);
      statement.setLong(5, lease.toMillis());
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next()
            ? Optional.of(
                new Lease(Optional.ofNullable(rows.getTimestamp(1)).map(Timestamp::toInstant)))
            : Optional.empty();
      }
    }
  }

  /**
   * Moves the watermark forward, never back, and renews the lease.
   *
   * @param changedUntil null to leave it where it is
   * @return false when another process has the lease meanwhile; nothing is moved then
   */
  public boolean advance(Shard shard, Resource resource, Instant changedUntil, Duration lease)
      throws SQLException {
    Timestamp time = changedUntil == null ? null : Timestamp.from(changedUntil);
    return shard.transaction(
        List.of(resource.tenant()),
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(ADVANCE)) {
            statement.setTimestamp(1, time);
            statement.setTimestamp(2, time);
            statement.setLong(3, lease.toMillis());
            statement.setString(4, resource.tenant());
            statement.setString(5, resource.system());
            statement.setString(6, resource.name());
            statement.setObject(7, owner);
            return statement.executeUpdate() == 1;
          }
        });
  }

  /** Renews all leases this process has of these tenants. */
  public void renew(Shard shard, Collection<String> tenants, Duration lease) throws SQLException {
    shard.transaction(
        tenants,
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(RENEW)) {
            statement.setLong(1, lease.toMillis());
            statement.setObject(2, owner);
            return statement.executeUpdate();
          }
        });
  }

  /** Lets others poll at once what this process polled of these tenants. */
  public void release(Shard shard, Collection<String> tenants) throws SQLException {
    shard.transaction(
        tenants,
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(RELEASE)) {
            statement.setObject(1, owner);
            return statement.executeUpdate();
          }
        });
  }
}
