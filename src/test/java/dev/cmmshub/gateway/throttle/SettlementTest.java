package dev.cmmshub.gateway.throttle;

import static dev.cmmshub.TestHub.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cmmshub.RedisConnection;
import dev.cmmshub.tenant.Limits;
import dev.cmmshub.tenant.Tenants.Identity;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.core.StringRedisTemplate;

/** Two nodes on one Redis, which is there, is killed or hangs. */
class SettlementTest {
  private static final int RATE = 200;
  private static final Limits LIMITS =
      new Limits(1 << 20, RATE, RATE, 512 << 20, 1_000_000, 1_000_000);
  private static final double MOST = 1.1;

  private final Identity tenant = Identities.of("t-" + UUID.randomUUID().hashCode(), LIMITS);
  private RedisProcess redis;
  private Node one;
  private Node two;

  /** What one process of the hub has of this. */
  private static final class Node implements AutoCloseable {
    private final Observing observing = new Observing(new CopyOnWriteArrayList<>());
    private final Limiter limiter = new Limiter(observing, tenant -> false);
    private final RedisConnection connection;
    private final Settlement settlement;

    Node(RedisProcess redis) {
      connection = redis.connect();
      settlement =
          new Settlement(limiter, new RedisBuckets(connection.template(), "hub"), 2, observing);
    }

    boolean enter(Identity identity) {
      if (limiter.enter(identity, 1) instanceof Admission.Granted granted) {
        granted.leave();
        return true;
      }
      return false;
    }

    /** How much gets through when somebody tries without a pause. */
    int flood(Identity identity, Duration duration) {
      int through = 0;
      long begin = System.nanoTime();
      while (System.nanoTime() - begin < duration.toNanos()) {
        through += enter(identity) ? 1 : 0;
        LockSupport.parkNanos(100_000);
      }
      return through;
    }

    @Override
    public void close() {
      settlement.close();
      connection.close();
    }
  }

  @BeforeEach
  void start() throws IOException {
    redis = new RedisProcess();
    one = new Node(redis);
    two = new Node(redis);
  }

  @AfterEach
  void end() {
    one.close();
    two.close();
    redis.close();
  }

  private boolean areAlone(boolean alone) {
    return one.observing.isAlone() == alone && two.observing.isAlone() == alone;
  }

  /** What both nodes let through, and the longest it took them, in seconds. */
  private record Flood(int through, double seconds) {}

  private Flood flood(Duration duration) {
    long begin = System.nanoTime();
    List<CompletableFuture<Integer>> nodes =
        Stream.of(one, two)
            .map(node -> CompletableFuture.supplyAsync(() -> node.flood(tenant, duration)))
            .toList();
    int through = nodes.stream().mapToInt(CompletableFuture::join).sum();
    return new Flood(through, (System.nanoTime() - begin) / 1e9);
  }

  @Test
  void theNodesTogetherLetThroughWhatOneTenantMay() {
    Flood flood = flood(Duration.ofSeconds(5));
    double allowed = RATE + RATE * flood.seconds();
    System.err.printf("two nodes: %d of %.0f%n", flood.through(), allowed);
    assertThat((double) flood.through()).isBetween(allowed * 0.8, allowed * MOST);
  }

  @Test
  void withoutRedisEachNodeLetsItsShareThroughUntilItIsBack()
      throws IOException, InterruptedException {
    flood(Duration.ofMillis(1500));
    redis.kill();
    assertThat(eventually(() -> areAlone(true))).isTrue();
    Flood without = flood(Duration.ofSeconds(3));
    double allowed = RATE + RATE * without.seconds();
    System.err.printf("without Redis: %d of %.0f%n", without.through(), allowed);
    assertThat((double) without.through()).isBetween(RATE * 3 * 0.7, allowed * MOST);

    redis.start();
    assertThat(eventually(() -> areAlone(false))).isTrue();
    Flood again = flood(Duration.ofSeconds(3));
    System.err.printf("Redis back: %d%n", again.through());
    assertThat((double) again.through())
        .isBetween(RATE * 3 * 0.7, (RATE + RATE * again.seconds()) * MOST);
  }

  /** One that waited for Redis would need 50 ms for each. */
  @Test
  void nobodyWaitsForARedisThatHangs() throws IOException, InterruptedException {
    assertThat(one.enter(tenant)).isTrue();
    redis.hang();
    long begin = System.nanoTime();
    for (int i = 0; i < 10_000; i++) {
      one.enter(tenant);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
    assertThat(eventually(() -> areAlone(true))).isTrue();
    assertThat(eventually(() -> one.enter(tenant))).isTrue();
    redis.goOn();
    assertThat(eventually(() -> areAlone(false))).isTrue();
  }

  @Test
  void aBucketThatRedisHasLostIsMadeAgain() {
    try (RedisConnection connection = redis.connect()) {
      StringRedisTemplate template = connection.template();
      BooleanSupplier isThere =
          () -> one.enter(tenant) && template.keys("hub:throttle:*:requests:*").size() == 1;
      assertThat(eventually(isThere)).isTrue();
      template.delete(template.keys("hub:throttle:*"));
      assertThat(eventually(isThere)).isTrue();
    }
    assertThat(areAlone(false)).isTrue();
  }

  @Test
  void aHubOfNoNodesIsAMistake() {
    try (RedisConnection connection = redis.connect()) {
      RedisBuckets buckets = new RedisBuckets(connection.template(), "hub");
      assertThatThrownBy(() -> new Settlement(one.limiter, buckets, 0, one.observing))
          .hasMessage("hub.nodes: 0: expected how many processes of the hub there are, 1 or more");
    }
  }
}
