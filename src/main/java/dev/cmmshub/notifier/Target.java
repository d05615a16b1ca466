package dev.cmmshub.notifier;

import dev.cmmshub.message.Failure;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What stands before one observer: at most {@code inFlight} calls at once, a queue behind them, and
 * a circuit breaker. A delivery that finds the breaker open, or more waiting than the observer will
 * take soon, fails at once, so that a slow or dead observer costs the others nothing.
 */
final class Target {
  private static final Set<String> NOT_SENT =
      Set.of(
          Notifier.SKIPPED,
          Notifier.FOUND,
          Notifier.DISABLED,
          GoneReceivers.GONE,
          WebhookSender.EGRESS,
          Budgeted.BUDGET,
          "mapping",
          "lookup");

  private record Waiting(
      Delivery delivery, Supplier<CompletionStage<Void>> call, CompletableFuture<Void> done) {}

  private final CircuitBreaker breaker;
  private final int inFlight;
  private final int mostWaiting;
  private final long longestWaitNanos;
  private final Deque<Waiting> queue = new ArrayDeque<>();
  private int running;
  // Of the calls of late; nobody knows at first.
  private long usualNanos = Duration.ofMillis(50).toNanos();

  /**
   * @param mostWaiting so many may wait, and more if they are likely to wait for less than {@code
   *     longestWait}, going by how long calls took of late
   */
  Target(CircuitBreaker breaker, int inFlight, int mostWaiting, Duration longestWait) {
    this.breaker = breaker;
    this.inFlight = inFlight;
    this.mostWaiting = mostWaiting;
    this.longestWaitNanos = longestWait.toNanos();
  }

  CircuitBreaker.State state() {
    return breaker.getState();
  }

  CompletableFuture<Void> call(Delivery delivery, Supplier<CompletionStage<Void>> call) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Waiting waiting = new Waiting(delivery, call, done);
    synchronized (this) {
      if (running >= inFlight) {
        if (isBusy()) {
          return refused(delivery, "busy", queue.size() + " deliveries wait for it");
        }
        queue.add(waiting);
        return done;
      }
      running++;
    }
    start(waiting);
    return done;
  }

  private boolean isBusy() {
    return queue.size() >= mostWaiting && queue.size() * usualNanos / inFlight > longestWaitNanos;
  }

  /** Works the queue off in a loop: many that end at once must not make the stack deep. */
  private void start(Waiting first) {
    for (Waiting next = first; next != null; ) {
      if (!breaker.tryAcquirePermission()) {
        next = finish(next, open(next), 0);
        continue;
      }
      long begin = System.nanoTime();
      CompletableFuture<Void> ended = KeyOrder.begin(next.call());
      if (!ended.isDone()) {
        Waiting running = next;
        ended.whenComplete((result, error) -> start(end(running, error, begin)));
        return;
      }
      next = end(next, KeyOrder.failureOf(ended), begin);
    }
  }

  private DeliveryException open(Waiting refused) {
    return new DeliveryException(
        Failure.delivery(
            refused.delivery().subscription().id(),
            "breaker",
            "its circuit breaker is " + breaker.getState()));
  }

  private Waiting end(Waiting ended, Throwable error, long begin) {
    long took = System.nanoTime() - begin;
    Throwable cause = unwrap(error);
    if (countsAsFailure(cause)) {
      breaker.onError(took, TimeUnit.NANOSECONDS, cause);
    } else {
      breaker.onSuccess(took, TimeUnit.NANOSECONDS);
    }
    return finish(ended, cause, took);
  }

  /**
   * An answer about this event (a success that is none, a refusal) says nothing about the next one,
   * and neither does an event that was never sent.
   */
  private static boolean countsAsFailure(Throwable error) {
    if (error instanceof DeliveryException delivery) {
      Failure failure = delivery.failure();
      return failure.status() > 0
          ? failure.status() < 200 || failure.status() >= 300 && !isRefusal(failure.status())
          : !NOT_SENT.contains(failure.errorClass());
    }
    return error != null;
  }

  private static boolean isRefusal(int status) {
    return status >= 400 && status < 500;
  }

  static Throwable unwrap(Throwable error) {
    return error instanceof CompletionException && error.getCause() != null
        ? error.getCause()
        : error;
  }

  /**
   * Returns who follows, in the place that is free now, or null.
   *
   * @param took nanoseconds; 0 if it was not called, which is quick, too
   */
  private Waiting finish(Waiting ended, Throwable error, long took) {
    Waiting next;
    synchronized (this) {
      usualNanos += (took - usualNanos) / 16;
      next = queue.poll();
      if (next == null) {
        running--;
      }
    }
    if (error == null) {
      ended.done().complete(null);
    } else {
      ended.done().completeExceptionally(error);
    }
    return next;
  }

  private static CompletableFuture<Void> refused(
      Delivery delivery, String errorClass, String reason) {
    return CompletableFuture.failedFuture(
        new DeliveryException(Failure.delivery(delivery.subscription().id(), errorClass, reason)));
  }
}
