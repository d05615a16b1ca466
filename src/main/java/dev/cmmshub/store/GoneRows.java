package dev.cmmshub.store;

import dev.cmmshub.tenant.Subscription;
import dev.cmmshub.tenant.Tenants;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/** The SQL of subscriptions that are gone, within a transaction of the caller's. */
public final class GoneRows {
  private static final String SELECT =
      "SELECT tenant_id, subscription, address, since FROM gone_subscription";
  private static final String INSERT =
      """
      INSERT INTO gone_subscription AS g (tenant_id, subscription, address) VALUES (?, ?, ?)
      ON CONFLICT (tenant_id, subscription)
      DO UPDATE SET address = excluded.address, since = now() WHERE g.address <> excluded.address
      """;
  private static final String DELETE =
      "DELETE FROM gone_subscription WHERE tenant_id = ? AND subscription = ? AND address = ?";

  /**
   * A receiver that answered 410.
   *
   * @param address the one that did
   */
  public record Mark(String tenant, String subscription, String address, Instant since) {
    /** Whether the subscription is still there and goes to this address. */
    public boolean holds(Tenants tenants) {
      return tenants
          .byId(tenant)
          .flatMap(owner -> owner.subscription(subscription))
          .filter(now -> now.to().equals(address))
          .isPresent();
    }
  }

  private GoneRows() {}

  /** Those of the transaction's tenants, also of addresses that were changed since. */
  public static List<Mark> all(Connection connection) throws SQLException {
    List<Mark> found = new ArrayList<>(0);
    try (PreparedStatement statement = connection.prepareStatement(SELECT);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        found.add(
            new Mark(
                rows.getString(1),
                rows.getString(2),
                rows.getString(3),
                rows.getObject(4, OffsetDateTime.class).toInstant()));
      }
    }
    return found;
  }

  /** Marks it; one that is marked already keeps its time. */
  static void add(Connection connection, String tenant, Subscription subscription)
      throws SQLException {
    change(connection, INSERT, tenant, subscription);
  }

  /** Takes the mark away; false when there was none for the subscription's address. */
  public static boolean remove(Connection connection, String tenant, Subscription subscription)
      throws SQLException {
    return change(connection, DELETE, tenant, subscription) > 0;
  }

  private static int change(
      Connection connection, String sql, String tenant, Subscription subscription)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, tenant);
      statement.setString(2, subscription.id());
      statement.setString(3, subscription.to());
      return statement.executeUpdate();
    }
  }
}
