package dev.cmmshub.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cmmshub.store.Watermarks.Lease;
import dev.cmmshub.store.Watermarks.Resource;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** The rows that say how far a system was read, and who reads it. */
class WatermarksTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration MOMENT = Duration.ofMillis(300);
  private static final Instant NOON = Instant.parse("2026-03-06T12:00:00.123456Z");

  private final Shard shard = StoreServers.shard();
  private final Watermarks one = new Watermarks(UUID.randomUUID());
  private final Watermarks other = new Watermarks(UUID.randomUUID());
  private final Resource orders = new Resource(StoreServers.newTenantId(), "sap", "workorder");

  private static Optional<Lease> upTo(Instant time) {
    return Optional.of(new Lease(Optional.ofNullable(time)));
  }

  @Test
  void oneProcessPollsUntilItsLeaseEnds() throws SQLException {
    assertThat(one.claim(shard, orders, MOMENT)).isEqualTo(upTo(null));
    assertThat(other.claim(shard, orders, MINUTE)).isEmpty();
    assertThat(one.claim(shard, orders, MOMENT)).as("renewed").isEqualTo(upTo(null));
    assertThat(one.advance(shard, orders, NOON, MOMENT)).isTrue();
    LockSupport.parkNanos(MOMENT.plusMillis(50).toNanos());
    assertThat(other.claim(shard, orders, MINUTE)).as("taken over").isEqualTo(upTo(NOON));
    assertThat(one.advance(shard, orders, NOON.plusSeconds(1), MINUTE)).as("too late").isFalse();
    assertThat(one.claim(shard, orders, MINUTE)).isEmpty();
    assertThat(other.claim(shard, orders, MINUTE)).isEqualTo(upTo(NOON));
  }

  @Test
  void whatAProcessReleasesAnotherTakesAtOnce() throws SQLException {
    Resource parts = new Resource(orders.tenant(), "sap", "part");
    one.claim(shard, orders, MINUTE);
    other.claim(shard, parts, MINUTE);
    one.release(shard, List.of(orders.tenant()));
    assertThat(other.claim(shard, orders, MINUTE)).isPresent();
    assertThat(one.claim(shard, parts, MINUTE)).as("of the other process").isEmpty();
  }

  @Test
  void itOnlyMovesForward() throws SQLException {
    one.claim(shard, orders, MINUTE);
    one.advance(shard, orders, NOON, MINUTE);
    one.advance(shard, orders, NOON.minusSeconds(1), MINUTE);
    one.advance(shard, orders, null, MINUTE);
    assertThat(one.claim(shard, orders, MINUTE)).isEqualTo(upTo(NOON));
  }

  @Test
  void aRecordFromTheFutureDoesNotMoveItBeyondNow() throws SQLException {
    one.claim(shard, orders, MINUTE);
    one.advance(shard, orders, Instant.parse("9999-12-31T00:00:00Z"), MINUTE);
    assertThat(one.claim(shard, orders, MINUTE).orElseThrow().changedUntil().orElseThrow())
        .isCloseTo(Instant.now(), org.assertj.core.api.Assertions.within(1, ChronoUnit.MINUTES));
  }

  @Test
  void eachTenantSystemAndResourceHasItsOwn() throws SQLException {
    one.claim(shard, orders, MINUTE);
    one.advance(shard, orders, NOON, MINUTE);
    for (Resource resource :
        List.of(
            new Resource(orders.tenant(), "sap", "part"),
            new Resource(orders.tenant(), "sap-2", "workorder"),
            new Resource(StoreServers.newTenantId(), "sap", "workorder"))) {
      assertThat(other.claim(shard, resource, MINUTE)).isEqualTo(upTo(null));
    }
  }
}
