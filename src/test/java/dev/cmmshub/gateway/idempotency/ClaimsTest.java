package dev.cmmshub.gateway.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cmmshub.RedisConnection;
import dev.cmmshub.TestHub;
import dev.cmmshub.store.RedisWatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who holds a key, in a real Redis. */
class ClaimsTest {
  private static final String REQUEST = "a".repeat(64);
  private static final Answer ANSWER =
      new Answer(202, "application/json", Optional.of("/v1/events/1"), "{\"é\":1}");

  private final RedisConnection redis = new RedisConnection(TestHub.shared().backends());
  private final RedisWatch watch = new RedisWatch(redis.template());
  private final Claims claims = new Claims(redis.template(), watch, "claims-test");
  private final String name = UUID.randomUUID().toString();

  @AfterEach
  void close() {
    claims.close();
    watch.close();
    redis.close();
  }

  private Found claim() {
    return claim(REQUEST);
  }

  /** On a busy machine Redis may take longer than anybody waits. */
  private Found claim(String request) {
    List<Found> found = new ArrayList<>();
    boolean told =
        TestHub.eventually(
            () -> {
              found.add(0, claims.claim(name, () -> request).join());
              return !(found.get(0) instanceof Found.Unknown);
            });
    assertThat(told).as("Redis tells").isTrue();
    return found.get(0);
  }

  private Found.Claimed claimed() {
    return (Found.Claimed) claim();
  }

  private static CompletableFuture<Found> done(Found found) {
    return CompletableFuture.completedFuture(found);
  }

  private boolean becomes(Found expected) {
    return TestHub.eventually(() -> claim().equals(expected));
  }

  @Test
  void oneClaimsAndTheOthersAreToldWhatBecameOfIt() {
    Found.Claimed first = claimed();
    assertThat(claim()).isInstanceOf(Found.InFlight.class);
    assertThat(claim("b".repeat(64))).isInstanceOf(Found.Reused.class);
    claims.end(done(first), Optional.of(ANSWER)).join();
    assertThat(becomes(new Found.Answered(ANSWER))).isTrue();
    assertThat(claim("b".repeat(64))).isInstanceOf(Found.Reused.class);
  }

  @Test
  void aReleasedOneCanBeClaimedByAnotherRequest() {
    claims.end(done(claimed()), Optional.empty()).join();
    assertThat(TestHub.eventually(() -> claim("b".repeat(64)) instanceof Found.Claimed)).isTrue();
  }

  /** Its node was killed, or held up for so long that another one took over. */
  @Test
  void whoHasLostItsClaimChangesNothingAnyMore() {
    Found.Claimed late = claimed();
    assertThat(redis.template().expire(late.name(), Duration.ofMillis(1))).isTrue();
    assertThat(TestHub.eventually(() -> !redis.template().hasKey(late.name()))).isTrue();
    Found.Claimed now = claimed();
    claims.end(done(late), Optional.empty()).join();
    claims.end(done(late), Optional.of(ANSWER)).join();
    assertThat(claim()).isInstanceOf(Found.InFlight.class);
    claims.end(done(now), Optional.empty()).join();
    assertThat(TestHub.eventually(() -> !redis.template().hasKey(now.name()))).isTrue();
  }

  /** Its request went on without, and is answered by now. */
  @Test
  void aClaimThatComesLateIsEndedAllTheSame() {
    claims.end(done(claimed()), Optional.empty()).join();
    CountDownLatch waitedEnough = new CountDownLatch(1);
    CompletableFuture<Found> late =
        claims.claim(
            name,
            () -> {
              try {
                assertThat(waitedEnough.await(5, TimeUnit.SECONDS)).isTrue();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return REQUEST;
            });
    assertThat(Claims.inTime(late).join()).isInstanceOf(Found.Unknown.class);
    claims.end(late, Optional.of(ANSWER)).join();
    assertThat(redis.template().hasKey("claims-test:idempotency:" + name)).isFalse();
    waitedEnough.countDown();
    assertThat(TestHub.eventually(late::isDone)).isTrue();
    assertThat(becomes(new Found.Answered(ANSWER))).isTrue();
  }
}
