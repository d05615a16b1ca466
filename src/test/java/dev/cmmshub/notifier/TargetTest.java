package dev.cmmshub.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class TargetTest {
  private static final int IN_FLIGHT = 2;
  private static final int WAITING = 2000;

  private final CircuitBreaker breaker =
      CircuitBreaker.of(
          "acme/hook",
          CircuitBreakerConfig.custom()
              .slidingWindowSize(4)
              .minimumNumberOfCalls(4)
              .failureRateThreshold(50)
              .waitDurationInOpenState(Duration.ofHours(1))
              .permittedNumberOfCallsInHalfOpenState(1)
              .build());
  private final Target target = new Target(breaker, IN_FLIGHT, WAITING, Duration.ZERO);
  private final List<CompletableFuture<Void>> begun = new ArrayList<>();

  private CompletableFuture<Void> call() {
    return call(
        () -> {
          CompletableFuture<Void> work = new CompletableFuture<>();
          begun.add(work);
          return work;
        });
  }

  private CompletableFuture<Void> call(Supplier<CompletionStage<Void>> work) {
    return target.call(Deliveries.any(), work);
  }

  private void fails(int times, Throwable error) {
    for (int i = 0; i < times; i++) {
      call(() -> CompletableFuture.failedFuture(error));
    }
  }

  private static String errorClass(CompletableFuture<Void> done) {
    Throwable error = Target.unwrap(catchThrowable(done::join));
    assertThat(error).isInstanceOf(DeliveryException.class);
    return ((DeliveryException) error).failure().errorClass();
  }

  @Test
  void noMoreAreInFlightThanAllowedAndTheRestFollowInOrder() {
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      all.add(call());
    }
    assertThat(begun).hasSize(IN_FLIGHT);
    begun.get(1).complete(null);
    assertThat(all.get(1)).isCompleted();
    assertThat(begun).hasSize(3);
    begun.get(0).completeExceptionally(Deliveries.status(500));
    assertThat(begun).hasSize(4);
    for (int i = 2; i < 5; i++) {
      begun.get(i).complete(null);
      assertThat(all.get(i)).isCompleted();
    }
    call();
    call();
    call();
    assertThat(begun).as("two of three begin").hasSize(7);
  }

  @Test
  void whoFindsTheQueueFullIsToldAtOnce() {
    for (int i = 0; i < IN_FLIGHT + WAITING; i++) {
      assertThat(call()).isNotDone();
    }
    assertThat(errorClass(call())).isEqualTo("busy");
    begun.get(0).complete(null);
    assertThat(call()).as("there is room again").isNotDone();
  }

  @Test
  void anObserverThatKeepsUpIsSentAsManyAsThereAre() {
    Target quick = new Target(breaker, IN_FLIGHT, WAITING, Duration.ofHours(1));
    for (int i = 0; i < 5 * WAITING; i++) {
      assertThat(quick.call(Deliveries.any(), CompletableFuture::new)).isNotDone();
    }
  }

  @Test
  void afterFailuresItRefusesAtOnce() {
    fails(4, Deliveries.status(500));
    assertThat(target.state()).isEqualTo(CircuitBreaker.State.OPEN);
    assertThat(errorClass(call())).isEqualTo("breaker");
    assertThat(begun).as("nobody was called").isEmpty();
  }

  @Test
  void aRedirectIsNoAnswerOfTheObserver() {
    fails(4, Deliveries.status(302));
    assertThat(target.state()).isEqualTo(CircuitBreaker.State.OPEN);
  }

  @Test
  void anythingThatIsNoAnswerCountsAsFailure() {
    fails(4, new CompletionException(new java.net.ConnectException("refused")));
    assertThat(target.state()).isEqualTo(CircuitBreaker.State.OPEN);
  }

  @Test
  void aRefusalOfTheEventDoesNotOpenIt() {
    fails(20, Deliveries.status(400));
    fails(20, Deliveries.status(422));
    fails(20, new CompletionException(Deliveries.status(499)));
    fails(20, Deliveries.status(200));
    fails(20, Deliveries.failed(Notifier.SKIPPED));
    fails(20, Deliveries.failed("mapping"));
    assertThat(target.state()).isEqualTo(CircuitBreaker.State.CLOSED);
    CompletableFuture<Void> next = call();
    begun.get(0).complete(null);
    assertThat(next).isCompleted();
  }

  @Test
  void oneIsTriedBeforeAllGoOn() {
    fails(4, Deliveries.status(503));
    breaker.transitionToHalfOpenState();
    CompletableFuture<Void> probe = call();
    assertThat(errorClass(call())).as("only one").isEqualTo("breaker");
    begun.get(0).complete(null);
    assertThat(probe).isCompleted();
    assertThat(target.state()).isEqualTo(CircuitBreaker.State.CLOSED);
    assertThat(call()).isNotDone();
  }

  /** A dead observer: those who wait learn of it as soon as the breaker opens. */
  @Test
  void whoWaitsIsRefusedWhenTheBreakerOpens() {
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int i = 0; i < IN_FLIGHT + WAITING; i++) {
      all.add(call());
    }
    for (int i = 0; i < 4; i++) {
      begun.get(i).completeExceptionally(Deliveries.status(503));
    }
    begun.get(4).completeExceptionally(Deliveries.status(503));
    assertThat(begun).hasSize(5);
    assertThat(all.stream().filter(done -> !done.isCompletedExceptionally())).isEmpty();
    assertThat(errorClass(all.get(all.size() - 1))).isEqualTo("breaker");
  }

  /** A call that throws instead of answering gives its place back. */
  @Test
  void aCallThatDoesNotEvenBeginIsAFailure() {
    for (int i = 0; i < IN_FLIGHT + 1; i++) {
      CompletableFuture<Void> failed =
          call(
              () -> {
                throw new IllegalStateException("no such address");
              });
      assertThat(failed).isCompletedExceptionally();
    }
    assertThat(call()).isNotDone();
    assertThat(begun).hasSize(1);
  }
}
