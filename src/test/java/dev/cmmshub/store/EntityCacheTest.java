package dev.cmmshub.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cmmshub.broker.EventBatch;
import dev.cmmshub.store.EntityCache.CachedEntity;
import dev.cmmshub.trace.Traces;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;

class EntityCacheTest {
  /** Of a client that waits as long as it would by itself, two seconds. */
  private static final Duration SOON = Duration.ofSeconds(1);

  private static JedisConnectionFactory redis;
  private static EntityCache cache;

  private final String tenant = StoreServers.newTenantId();

  @BeforeAll
  static void connect() {
    redis = StoreServers.redis();
    cache = StoreServers.cache(redis);
  }

  @AfterAll
  static void disconnect() {
    redis.destroy();
  }

  private EntityVersion version(long version) {
    return EntityVersion.of(StoreServers.event(tenant, "4711", version, "{}"));
  }

  private void read(long version) {
    cache.put(tenant, "workorder", version(version).id(), entity(version));
  }

  private CachedEntity cached() {
    return cache.get(tenant, "workorder", version(1).id()).orElse(null);
  }

  private static CachedEntity entity(long version) {
    return new CachedEntity(version, "{\"v\":" + version + ",\"bar\":\"|\"}");
  }

  @Test
  void whatWasFilledInIsFound() {
    assertThat(cached()).isNull();
    read(1);
    assertThat(cached()).isEqualTo(entity(1));
    read(2);
    assertThat(cached()).isEqualTo(entity(2));
  }

  @Test
  void aChangeTakesTheOldVersionAway() {
    read(1);
    cache.invalidate(List.of(version(2)));
    assertThat(cached()).isNull();
    read(2);
    assertThat(cached()).isEqualTo(entity(2));
  }

  /** It read version 1 from the shard, then slept while version 2 was written. */
  @Test
  void aSlowReaderCannotBringAnOldVersionBack() {
    cache.invalidate(List.of(version(2)));
    read(1);
    assertThat(cached()).isNull();
    read(2);
    read(1);
    assertThat(cached()).isEqualTo(entity(2));
  }

  @Test
  void oneTenantsObjectsAreNotAnothers() {
    read(1);
    assertThat(cache.get(StoreServers.newTenantId(), "workorder", version(1).id())).isEmpty();
    assertThat(cache.get(tenant, "part", version(1).id())).isEmpty();
  }

  @Test
  void whatTheStoreAppliesIsNotReadOldFromTheCache() {
    EntityStore store =
        new EntityStore(
            StoreServers.shards(),
            id -> Optional.of(StoreServers.tenant(id, "b")),
            cache,
            (event, outcome, shard) -> {},
            StoreServers.lanes(),
            Traces.OFF);
    for (long v = 1; v <= 3; v++) {
      StoreServers.apply(
          store, new EventBatch(List.of(version(v).event()), new CompletableFuture<>()));
      read(v);
      assertThat(cached()).isEqualTo(entity(v));
    }
  }

  @Test
  void whileRedisIsAwayReadersGoToTheShardAtOnce() throws IOException {
    int nobody;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = socket.getLocalPort();
    }
    costsNobodyTime(nobody);
  }

  /** Worse than away: it takes the connection and says nothing. */
  @Test
  void whileRedisHangsReadersGoToTheShardSoon() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      costsNobodyTime(silent.getLocalPort());
    }
  }

  private void costsNobodyTime(int port) {
    JedisConnectionFactory away = StoreServers.redis("127.0.0.1", port);
    try {
      EntityCache lame = StoreServers.cache(away);
      lame.get(tenant, "workorder", "first, which loads classes");
      long begin = System.nanoTime();
      assertThat(lame.get(tenant, "workorder", "x")).isEmpty();
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(SOON);
      begin = System.nanoTime();
      lame.put(tenant, "workorder", "x", entity(1));
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(SOON);
      begin = System.nanoTime();
      lame.invalidate(List.of(version(1)));
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(SOON);
    } finally {
      away.destroy();
    }
  }

  /** An event that comes late must not lower the mark that a newer one has left. */
  @Test
  void aLateEventDoesNotOpenTheDoorForASlowReader() {
    cache.invalidate(List.of(version(5)));
    cache.invalidate(List.of(version(2)));
    read(3);
    assertThat(cached()).isNull();
    read(5);
    cache.invalidate(List.of(version(2)));
    assertThat(cached()).isEqualTo(entity(5));
  }

  /** As times of a source are when it counts in microseconds. */
  @Test
  void versionsAreComparedDigitForDigit() {
    long large = 9_007_199_254_740_992L;
    cache.invalidate(List.of(version(large + 1)));
    read(large);
    assertThat(cached()).isNull();
    cache.invalidate(List.of(version(Long.MAX_VALUE)));
    read(Long.MAX_VALUE - 1);
    assertThat(cached()).isNull();
    read(Long.MAX_VALUE);
    assertThat(cached()).isEqualTo(entity(Long.MAX_VALUE));
  }

  @Test
  void aNegativeVersionIsLowerThanAnother() {
    cache.invalidate(List.of(version(-9)));
    read(-10);
    assertThat(cached()).isNull();
    cache.invalidate(List.of(version(5)));
    read(-50);
    assertThat(cached()).isNull();
    read(5);
    assertThat(cached()).isEqualTo(entity(5));
  }
}
