package dev.cmmshub.connector.budget;

import dev.cmmshub.tenant.Budget;
import dev.cmmshub.tenant.QuietHours;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Stands before one receiver: so many calls at once and a second, the tenants in turns. */
final class Turnstile {
  private record Waiting(Supplier<CompletionStage<Void>> call, CompletableFuture<Void> done) {}

  /** The calls of one tenant. */
  private record Line(String tenant, Deque<Waiting> waiting) {}

  private final String receiver;
  private final ScheduledExecutorService timer;
  private final Clock clock;
  private final Map<String, Line> lines = new HashMap<>();
  private final Deque<Line> turns = new ArrayDeque<>();
  private final AtomicInteger wanted = new AtomicInteger();
  private Budget budget;
  private int mostRunning;
  private Optional<Bucket> bucket = Optional.empty();
  private int running;
  private boolean isTimed;
  private long restsUntil = System.nanoTime();

  Turnstile(String receiver, ScheduledExecutorService timer, Clock clock) {
    this.receiver = receiver;
    this.timer = timer;
    this.clock = clock;
  }

  /** Another budget begins full. */
  synchronized void keepTo(Budget now, int nodes) {
    if (!now.equals(budget)) {
      budget = now;
      mostRunning = Math.max(1, now.inFlight().orElse(Integer.MAX_VALUE) / nodes);
      bucket =
          now.requestsPerSecond().isPresent()
              ? Optional.of(bucket(now.requestsPerSecond().getAsInt(), nodes))
              : Optional.empty();
    }
  }

  /** At most a tenth of a second's calls at once: an ERP minds a burst more than a row. */
  private static Bucket bucket(int perSecond, int nodes) {
    return Bucket.builder()
        .addLimit(
            limit ->
                limit
                    .capacity(Math.max(1, perSecond / nodes / 10))
                    .refillGreedy(perSecond, Duration.ofSeconds(nodes)))
        .build();
  }

  CompletableFuture<Void> enter(String tenant, Supplier<CompletionStage<Void>> call) {
    Waiting one = new Waiting(call, new CompletableFuture<>());
    synchronized (this) {
      Line line = lines.computeIfAbsent(tenant, t -> new Line(t, new ArrayDeque<>()));
      if (line.waiting().isEmpty()) {
        turns.add(line);
      }
      line.waiting().add(one);
    }
    work();
    return one.done();
  }

  /** Takes a call out of turn, if one is left. */
  synchronized boolean pass() {
    return held().isEmpty() && bucket.map(left -> left.tryConsume(1)).orElse(true);
  }

  synchronized void rest(Duration asked) {
    restsUntil = Math.max(restsUntil, System.nanoTime() + asked.toNanos());
  }

  /** In a loop, by one thread at a time: calls that end at once must not make the stack deep. */
  private void work() {
    if (wanted.getAndIncrement() > 0) {
      return;
    }
    int seen = 1;
    do {
      refuseHeld();
      for (Waiting next = next(); next != null; next = next()) {
        start(next);
      }
      seen = wanted.addAndGet(-seen);
    } while (seen > 0);
  }

  private void refuseHeld() {
    List<Waiting> refused = new ArrayList<>(0);
    Optional<HeldBackException> held;
    synchronized (this) {
      held = held();
      if (held.isPresent()) {
        turns.forEach(line -> refused.addAll(line.waiting()));
        turns.clear();
        lines.clear();
      }
    }
    refused.forEach(one -> one.done().completeExceptionally(held.orElseThrow()));
  }

  private Optional<HeldBackException> held() {
    long rest = restsUntil - System.nanoTime();
    if (rest > 0) {
      return Optional.of(
          new HeldBackException(
              receiver + " asked to be left alone for a while", Duration.ofNanos(rest)));
    }
    return budget.quiet().stream()
        .flatMap(hours -> hours.left(clock.instant()).map(left -> quiet(hours, left)).stream())
        .findFirst();
  }

  private HeldBackException quiet(QuietHours hours, Duration left) {
    return new HeldBackException(receiver + " has its quiet hours " + hours, left);
  }

  private synchronized Waiting next() {
    if (turns.isEmpty() || running >= mostRunning || !hasToken()) {
      return null;
    }
    Line line = turns.poll();
    Waiting next = line.waiting().poll();
    if (line.waiting().isEmpty()) {
      lines.remove(line.tenant());
    } else {
      turns.add(line);
    }
    running++;
    return next;
  }

  private boolean hasToken() {
    if (bucket.isEmpty()) {
      return true;
    }
    ConsumptionProbe probe = bucket.get().tryConsumeAndReturnRemaining(1);
    if (!probe.isConsumed() && !isTimed) {
      isTimed = true;
      timer.schedule(this::onTime, probe.getNanosToWaitForRefill(), TimeUnit.NANOSECONDS);
    }
    return probe.isConsumed();
  }

  private void onTime() {
    synchronized (this) {
      isTimed = false;
    }
    work();
  }

  private void start(Waiting next) {
    CompletionStage<Void> called;
    try {
      called = next.call().get();
    } catch (RuntimeException e) {
      called = CompletableFuture.failedFuture(e);
    }
    called.whenComplete(
        (result, error) -> {
          // First, since it may have asked for a rest: the next call must not slip through before.
          if (error == null) {
            next.done().complete(null);
          } else {
            next.done().completeExceptionally(error);
          }
          synchronized (this) {
            running--;
          }
          work();
        });
  }
}
