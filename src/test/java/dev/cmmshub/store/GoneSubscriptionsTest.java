package dev.cmmshub.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cmmshub.tenant.DeliveryOrder;
import dev.cmmshub.tenant.Limits;
import dev.cmmshub.tenant.RetryPolicy;
import dev.cmmshub.tenant.Secret;
import dev.cmmshub.tenant.Subscription;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.Tenants;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Two processes and what each knows of webhooks that are gone. */
class GoneSubscriptionsTest {
  private final String id = StoreServers.newTenantId();
  private final String other = StoreServers.newTenantId();
  private final Subscription hook = hook("https://hooks.example/a");
  private volatile Tenants tenants = new Tenants(List.of(tenant(id, hook), tenant(other, hook)));
  private final GoneSubscriptions one = process();
  private final GoneSubscriptions two = process();

  private static Subscription hook(String address) {
    return new Subscription(
        "hooks.example",
        address,
        List.of("*"),
        DeliveryOrder.STRICT,
        Optional.of(new Secret("whsec_c2VjcmV0")));
  }

  private static Tenant tenant(String id, Subscription... subscriptions) {
    return new Tenant(
        id,
        true,
        List.of(),
        Map.of(),
        List.of(subscriptions),
        Map.of(),
        RetryPolicy.DEFAULT,
        Limits.DEFAULT,
        List.of(),
        Optional.empty());
  }

  private GoneSubscriptions process() {
    return new GoneSubscriptions(() -> tenants, StoreServers.shards(), StoreServers.lanes());
  }

  private Tenant owner() {
    return tenants.byId(id).orElseThrow();
  }

  private void mark() throws Exception {
    one.mark(owner(), hook).get(20, TimeUnit.SECONDS);
  }

  private List<GoneRows.Mark> refresh(GoneSubscriptions process) throws SQLException {
    List<String> owners = List.of(id);
    return StoreServers.shards()
        .of(owner())
        .transaction(owners, connection -> process.refresh(connection, owners));
  }

  @Test
  void theProcessThatMarksKnowsAtOnceAndOthersWithTheirNextLook() throws Exception {
    mark();
    assertThat(one.isGone(id, hook)).isTrue();
    assertThat(one.isGone(other, hook)).as("another tenant's").isFalse();
    assertThat(two.isGone(id, hook)).isFalse();
    assertThat(refresh(two)).extracting(GoneRows.Mark::tenant).containsExactly(id);
    assertThat(two.isGone(id, hook)).isTrue();
    assertThat(two.count(owner())).isEqualTo(1);
    GoneSubscriptions started = process();
    started.load();
    assertThat(started.isGone(id, hook)).isTrue();
  }

  @Test
  void whatIsMarkedKeepsItsTime() throws Exception {
    mark();
    List<GoneRows.Mark> first = refresh(two);
    assertThat(first).hasSize(1);
    GoneSubscriptions third = process();
    third.mark(owner(), hook).get(20, TimeUnit.SECONDS);
    assertThat(refresh(two)).isEqualTo(first);
  }

  @Test
  void anotherAddressIsNotGone() throws Exception {
    mark();
    Subscription moved = hook("https://hooks.example/b");
    tenants = new Tenants(List.of(tenant(id, moved)));
    assertThat(refresh(two)).as("marks that hold").isEmpty();
    assertThat(two.isGone(id, moved)).isFalse();
    assertThat(one.isGone(id, moved)).isFalse();
    tenants = new Tenants(List.of(tenant(id)));
    assertThat(refresh(two)).as("of a subscription that was removed").isEmpty();
  }

  @Test
  void whatIsEnabledIsNotGoneForAnyProcess() throws Exception {
    mark();
    refresh(two);
    boolean removed =
        StoreServers.shards()
            .of(owner())
            .transaction(List.of(id), connection -> GoneRows.remove(connection, id, hook));
    one.forget(id, hook.id());
    assertThat(removed).isTrue();
    assertThat(one.isGone(id, hook)).isFalse();
    refresh(two);
    assertThat(two.isGone(id, hook)).isFalse();
  }

  /** A look that comes before the mark is written must not forget it. */
  @Test
  void anOldLookForgetsNothing() throws Exception {
    StoreServers.shards()
        .of(owner())
        .transaction(
            List.of(id),
            connection -> {
              try (Statement statement = connection.createStatement()) {
                // Others can read, but not write until this transaction ends.
                statement.execute("LOCK TABLE gone_subscription IN EXCLUSIVE MODE");
              }
              CompletableFuture<Void> marked = one.mark(owner(), hook);
              assertThat(one.refresh(connection, List.of(id))).isEmpty();
              assertThat(one.isGone(id, hook)).as("while it is written").isTrue();
              return marked;
            })
        .get(20, TimeUnit.SECONDS);
    assertThat(one.isGone(id, hook)).isTrue();
    assertThat(refresh(one)).hasSize(1);
  }
}
