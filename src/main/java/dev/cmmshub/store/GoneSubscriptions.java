package dev.cmmshub.store;

import dev.cmmshub.message.LogFields;
import dev.cmmshub.tenant.Subscription;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.Tenants;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which webhooks' receivers answered 410 Gone. The shards have the truth; this process's view of it
 * costs no question to them. It knows its own marks at once and other nodes' with the next {@link
 * #refresh}.
 */
public final class GoneSubscriptions {
  private static final Logger LOG = LoggerFactory.getLogger(GoneSubscriptions.class);

  private record Key(String tenant, String subscription) {}

  private final Supplier<Tenants> tenants;
  private final Shards shards;
  private final ShardLanes lanes;
  private final Map<Key, CompletableFuture<Void>> writing = new HashMap<>();
  // Read by every delivery, replaced as a whole; the values are the addresses that are gone.
  private volatile Map<Key, String> view = Map.of();
  private long changes;

  public GoneSubscriptions(Supplier<Tenants> tenants, Shards shards, ShardLanes lanes) {
    this.tenants = tenants;
    this.shards = shards;
    this.lanes = lanes;
  }

  /** Looks at all shards; one that is away is looked at again with the next refresh. */
  public void load() {
    shards
        .byShard(tenants.get().all())
        .forEach(
            (shard, owners) -> {
              List<String> ids = owners.stream().map(Tenant::id).toList();
              try {
                shard.transaction(ids, connection -> refresh(connection, ids));
              } catch (SQLException e) {
                LOG.warn("Shard {}: not known what is gone ({})", shard.name(), e.getMessage());
              }
            });
  }

  /** Whether the receiver at the subscription's address is gone, as far as this process knows. */
  public boolean isGone(String tenant, Subscription subscription) {
    Map<Key, String> now = view;
    return !now.isEmpty() && subscription.to().equals(now.get(new Key(tenant, subscription.id())));
  }

  /**
   * Brings the view of these tenants up to date, within a transaction of the caller's that sees no
   * others.
   *
   * @return the marks that hold: of subscriptions that are there and have the address still
   */
  public List<GoneRows.Mark> refresh(Connection connection, Collection<String> owners)
      throws SQLException {
    long before = changes();
    List<GoneRows.Mark> marks = GoneRows.all(connection);
    replace(Set.copyOf(owners), marks, before);
    Tenants now = tenants.get();
    return marks.stream().filter(mark -> mark.holds(now)).toList();
  }

  private synchronized long changes() {
    return changes;
  }

  /** What was read before a change of this process's own is not news; the next refresh will be. */
  private synchronized void replace(Set<String> owners, List<GoneRows.Mark> marks, long before) {
    if (changes != before || view.isEmpty() && marks.isEmpty()) {
      return;
    }
    Map<Key, String> next = new HashMap<>(view);
    next.keySet().removeIf(key -> owners.contains(key.tenant()) && !writing.containsKey(key));
    marks.forEach(
        mark -> next.putIfAbsent(new Key(mark.tenant(), mark.subscription()), mark.address()));
    view = Map.copyOf(next);
  }

  /**
   * Marks a subscription whose receiver is gone; this process knows at once. Completes when the
   * shard has it, which means: waits while it is away.
   */
  public synchronized CompletableFuture<Void> mark(Tenant tenant, Subscription subscription) {
    Key key = new Key(tenant.id(), subscription.id());
    CompletableFuture<Void> before = writing.get(key);
    if (isGone(tenant.id(), subscription)) {
      return before == null ? CompletableFuture.completedFuture(null) : before;
    }
    LogFields.subscription(LOG.atWarn(), tenant.id(), subscription.id())
        .log(
            "Subscription {} of tenant {}: the receiver answered 410, nothing is sent there any more",
            subscription.id(),
            tenant.id());
    put(key, subscription.to());
    Shard shard = shards.of(tenant);
    CompletableFuture<Void> written = new CompletableFuture<>();
    writing.put(key, written);
    lanes
        .run(
            shard,
            1,
            () ->
                shard.<Void>transaction(
                    List.of(tenant.id()),
                    connection -> {
                      GoneRows.add(connection, tenant.id(), subscription);
                      return null;
                    }))
        .whenComplete((done, error) -> written(key, written, error));
    return written;
  }

  private void written(Key key, CompletableFuture<Void> written, Throwable error) {
    synchronized (this) {
      writing.remove(key, written);
      changes++;
    }
    if (error == null) {
      written.complete(null);
    } else {
      written.completeExceptionally(error);
    }
  }

  private void put(Key key, String address) {
    Map<Key, String> next = new HashMap<>(view);
    next.put(key, address);
    view = Map.copyOf(next);
  }

  /** After its mark was taken away. */
  public synchronized void forget(String tenant, String subscription) {
    Map<Key, String> next = new HashMap<>(view);
    next.remove(new Key(tenant, subscription));
    view = Map.copyOf(next);
    changes++;
  }

  /** How many subscriptions of a tenant are gone, as far as this process knows. */
  public long count(Tenant tenant) {
    return tenant.subscriptions().stream().filter(one -> isGone(tenant.id(), one)).count();
  }
}
