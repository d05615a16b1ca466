package dev.cmmshub.recovery;

import dev.cmmshub.recovery.letter.Operator;
import dev.cmmshub.recovery.letter.Refusal;
import dev.cmmshub.store.AuditLog;
import dev.cmmshub.store.GoneRows;
import dev.cmmshub.store.GoneSubscriptions;
import dev.cmmshub.store.Shard;
import dev.cmmshub.store.Shards;
import dev.cmmshub.tenant.Subscription;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.Tenants;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Tells operators how each subscription stands, and enables one whose receiver was gone. */
public final class SubscriptionStates {
  private static final String PARKED =
      """
      SELECT tenant_id, subscription, count(*) FROM parked WHERE stage = 'deliver'
       GROUP BY tenant_id, subscription
      """;

  /**
   * One subscription.
   *
   * @param goneSince when its receiver answered 410; empty while it is enabled
   * @param parked how many events wait for it
   */
  public record State(
      String tenant, Subscription subscription, Optional<Instant> goneSince, long parked) {}

  private record Key(String tenant, String subscription) {}

  private final Supplier<Tenants> tenants;
  private final Shards shards;
  private final GoneSubscriptions gone;

  public SubscriptionStates(Supplier<Tenants> tenants, Shards shards, GoneSubscriptions gone) {
    this.tenants = tenants;
    this.shards = shards;
    this.gone = gone;
  }

  /**
   * All subscriptions of {@code tenants.yaml}, by tenant and in the file's order.
   *
   * @param tenant only this one's
   * @throws Refusal when there is no such tenant
   */
  public List<State> all(Optional<String> tenant) throws SQLException {
    Tenants now = tenants.get();
    List<Tenant> asked = tenant.map(id -> List.of(tenant(now, id))).orElse(List.copyOf(now.all()));
    List<State> states = new ArrayList<>();
    for (Map.Entry<Shard, List<Tenant>> part : shards.byShard(asked).entrySet()) {
      List<Tenant> owners = part.getValue();
      List<String> ids = owners.stream().map(Tenant::id).toList();
      part.getKey().transaction(ids, connection -> states.addAll(states(connection, now, owners)));
    }
    states.sort(Comparator.comparing(State::tenant));
    return states;
  }

  private static Tenant tenant(Tenants now, String id) {
    return now.byId(id)
        .orElseThrow(
            () ->
                new Refusal(
                    Refusal.Kind.WRONG, "tenant", "tenant: '" + id + "' is not in tenants.yaml"));
  }

  private static List<State> states(Connection connection, Tenants now, List<Tenant> owners)
      throws SQLException {
    Map<Key, Instant> since = new HashMap<>();
    for (GoneRows.Mark mark : GoneRows.all(connection)) {
      if (mark.holds(now)) {
        since.put(new Key(mark.tenant(), mark.subscription()), mark.since());
      }
    }
    Map<Key, Long> parked = parked(connection);
    List<State> states = new ArrayList<>();
    for (Tenant owner : owners) {
      for (Subscription one : owner.subscriptions()) {
        Key key = new Key(owner.id(), one.id());
        states.add(
            new State(
                owner.id(),
                one,
                Optional.ofNullable(since.get(key)),
                parked.getOrDefault(key, 0L)));
      }
    }
    return states;
  }

  private static Map<Key, Long> parked(Connection connection) throws SQLException {
    Map<Key, Long> parked = new HashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(PARKED);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        parked.put(new Key(rows.getString(1), rows.getString(2)), rows.getLong(3));
      }
    }
    return parked;
  }

  /**
   * Lets deliveries go to a receiver again that was gone, and notes it in the audit; what waits is
   * delivered in order, within some seconds on all nodes.
   *
   * @throws Refusal when there is no such subscription, or its receiver is not gone
   */
  public void enable(String tenant, String subscription, Operator operator) throws SQLException {
    Tenant owner = tenants.get().byId(tenant).orElseThrow(() -> unknown(tenant, subscription));
    Subscription one =
        owner.subscription(subscription).orElseThrow(() -> unknown(tenant, subscription));
    shards
        .of(owner)
        .<Void>transaction(
            List.of(tenant),
            connection -> {
              if (!GoneRows.remove(connection, tenant, one)) {
                throw new Refusal(
                    Refusal.Kind.CONFLICT,
                    "not-gone",
                    "subscription '" + subscription + "' of '" + tenant + "' is enabled already");
              }
              AuditLog.append(
                  connection,
                  tenant,
                  operator.name(),
                  "enabled",
                  "subscription@" + subscription,
                  "{}");
              return null;
            });
    gone.forget(tenant, subscription);
  }

  private static Refusal unknown(String tenant, String subscription) {
    return new Refusal(
        Refusal.Kind.UNKNOWN,
        "no-subscription",
        "tenants.yaml has no subscription '"
            + subscription
            + "' of tenant '"
            + tenant
            + "': ./hub subscription list shows those it has");
  }
}
