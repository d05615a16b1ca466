package dev.cmmshub.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cmmshub.message.Event;
import dev.cmmshub.message.EventKey;
import dev.cmmshub.message.FailedEvent;
import dev.cmmshub.message.Failure;
import dev.cmmshub.store.ParkedKeys.Failed;
import dev.cmmshub.store.ParkedKeys.Released;
import dev.cmmshub.tenant.DeliveryOrder;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** The queue of one ordering key, on a real shard. */
class ParkedKeysTest {
  private static final String HOOK = "hook";

  private final Shard shard = StoreServers.shards().all().iterator().next();
  private final String tenant = StoreServers.newTenantId();

  private Event event(String number, long version) {
    return new Event(
        UUID.randomUUID().toString(),
        Event.type("workorder", "released"),
        "workorder/0b1e",
        new EventKey(tenant, "sap", "workorder", number),
        version,
        Instant.EPOCH,
        "application/json",
        null,
        "c",
        null,
        "{}".getBytes(StandardCharsets.UTF_8));
  }

  private static Waiting waiting(Event event, DeliveryOrder order) {
    return Waiting.toBeDelivered(event, HOOK, order);
  }

  private static Waiting strict(Event event) {
    return waiting(event, DeliveryOrder.STRICT);
  }

  private static FailedEvent failed(Event event) {
    return new FailedEvent(event, Failure.delivery(HOOK, "status", "answered 503"), 1);
  }

  private void hold(Waiting waiting) throws SQLException {
    in(
        connection -> {
          ParkedKeys.hold(connection, List.of(new Failed(waiting, failed(waiting.event()))));
          return null;
        });
  }

  private Set<Waiting> behind(Waiting... later) throws SQLException {
    return in(connection -> ParkedKeys.behind(connection, List.of(later)));
  }

  private Set<Waiting> among(Waiting... asked) throws SQLException {
    return in(connection -> ParkedKeys.among(connection, List.of(asked)));
  }

  private int release(Event event) throws SQLException {
    return in(connection -> ParkedKeys.release(connection, List.of(Released.of(failed(event)))));
  }

  private boolean defer(Event event) throws SQLException {
    return in(connection -> ParkedKeys.defer(connection, failed(event), 1, Duration.ofDays(365)));
  }

  private <T> T in(Shard.Work<T> work) throws SQLException {
    return shard.transaction(List.of(tenant), work);
  }

  /** Versions in the order they will leave; the one that is due is marked. */
  private List<String> queue() throws SQLException {
    return in(
        connection -> {
          try (PreparedStatement statement =
              connection.prepareStatement(
                  "SELECT version, due_at IS NOT NULL FROM parked"
                      + " WHERE tenant_id = ? ORDER BY order_key, version")) {
            statement.setString(1, tenant);
            List<String> rows = new ArrayList<>();
            try (ResultSet found = statement.executeQuery()) {
              while (found.next()) {
                rows.add(found.getLong(1) + (found.getBoolean(2) ? " due" : ""));
              }
            }
            return rows;
          }
        });
  }

  @Test
  void whatComesLaterQueuesAndLeavesInOrder() throws SQLException {
    Event first = event("1", 1);
    Event second = event("1", 2);
    Event third = event("1", 3);
    hold(strict(first));
    assertThat(behind(strict(third), strict(second))).isEmpty();
    assertThat(queue()).containsExactly("1 due", "2", "3");
    assertThat(release(first)).isEqualTo(1);
    assertThat(queue()).containsExactly("2 due", "3");
    assertThat(release(second)).isEqualTo(1);
    assertThat(release(third)).isZero();
    assertThat(queue()).isEmpty();
    Event fourth = event("1", 4);
    assertThat(behind(strict(fourth))).as("the key is free").containsExactly(strict(fourth));
    assertThat(among(strict(fourth))).isEmpty();
  }

  @Test
  void anotherObjectAndAnotherObserverAreNotHeldUp() throws SQLException {
    Event stuck = event("1", 1);
    hold(strict(stuck));
    Waiting object = strict(event("2", 1));
    Waiting observer = Waiting.toBeDelivered(event("1", 2), "other", DeliveryOrder.STRICT);
    Waiting same = strict(event("1", 2));
    assertThat(among(object, observer, same)).containsExactly(same);
  }

  @Test
  void anOlderVersionThatComesLateGoesFirst() throws SQLException {
    Event head = event("1", 5);
    hold(strict(head));
    behind(strict(event("1", 4)));
    assertThat(queue()).containsExactly("4 due", "5");
    assertThat(defer(head)).as("its verdict comes now").isTrue();
    assertThat(queue()).containsExactly("4 due", "5");
  }

  @Test
  void aVerdictForWhatIsGoneChangesNothing() throws SQLException {
    Event head = event("1", 1);
    hold(strict(head));
    release(head);
    assertThat(defer(head)).isFalse();
    assertThat(queue()).isEmpty();
  }

  @Test
  void theSameFailureTwiceIsHeldOnce() throws SQLException {
    Event head = event("1", 1);
    hold(strict(head));
    hold(strict(head));
    assertThat(behind(strict(head))).isEmpty();
    assertThat(queue()).containsExactly("1 due");
  }

  @Test
  void theNewestTakesTheHeadsPlaceWhereOnlyTheLatestCounts() throws SQLException {
    Event head = event("1", 1);
    hold(waiting(head, DeliveryOrder.LATEST_WINS));
    behind(waiting(event("1", 2), DeliveryOrder.LATEST_WINS));
    assertThat(queue()).as("the head is being judged").containsExactly("1 due", "2");
    defer(head);
    behind(waiting(event("1", 3), DeliveryOrder.LATEST_WINS));
    assertThat(queue()).containsExactly("3 due");
    behind(waiting(event("1", 2), DeliveryOrder.LATEST_WINS));
    assertThat(queue()).as("an older one changes nothing").containsExactly("3 due");
  }

  @Test
  void withoutOrderEachIsItsOwnHead() throws SQLException {
    hold(waiting(event("1", 1), DeliveryOrder.NONE));
    hold(waiting(event("1", 2), DeliveryOrder.NONE));
    assertThat(queue()).containsExactlyInAnyOrder("1 due", "2 due");
  }

  /** Who comes while the last one leaves either queues and is made due, or finds the key free. */
  @Test
  void nothingIsStrandedBehindAHeadThatIsLeaving() throws SQLException {
    for (int round = 0; round < 60; round++) {
      Event head = event("r" + round, 1);
      Waiting later = strict(event("r" + round, 2));
      hold(strict(head));
      CountDownLatch go = new CountDownLatch(1);
      CompletableFuture<Integer> leaving = together(go, () -> release(head));
      CompletableFuture<Set<Waiting>> coming = together(go, () -> behind(later));
      go.countDown();
      boolean free = coming.join().contains(later);
      assertThat(leaving.join()).isEqualTo(free ? 0 : 1);
      assertThat(queue()).hasSize(free ? 0 : 1).allMatch(row -> row.equals("2 due"));
      if (!free) {
        release(later.event());
      }
    }
  }

  private static <T> CompletableFuture<T> together(
      CountDownLatch go, java.util.concurrent.Callable<T> work) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            go.await();
            return work.call();
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
  }
}
