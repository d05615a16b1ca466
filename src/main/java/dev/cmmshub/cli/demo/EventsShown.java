package dev.cmmshub.cli.demo;

import dev.cmmshub.message.Event;
import dev.cmmshub.message.FailedEvent;
import dev.cmmshub.message.Failure;
import dev.cmmshub.notifier.Delivery;
import dev.cmmshub.observe.Passages;
import dev.cmmshub.recovery.Verdict;
import dev.cmmshub.store.Outcome;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Shows each event's way, step by step, with the time since it was received, and counts. */
public final class EventsShown implements Passages {
  private final Clock clock;
  private final Consumer<String> line;
  private final AtomicInteger accepted = new AtomicInteger();
  private final AtomicInteger applied = new AtomicInteger();
  private final AtomicInteger delivered = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();
  private final AtomicInteger deadLettered = new AtomicInteger();
  private final AtomicInteger parked = new AtomicInteger();
  private final AtomicInteger queued = new AtomicInteger();
  private final List<Long> millis = new ArrayList<>();
  private final Map<String, String> objects = new ConcurrentHashMap<>();

  public EventsShown(Clock clock, Consumer<String> line) {
    this.clock = clock;
    this.line = line;
  }

  @Override
  public void accepted(Event event) {
    accepted.incrementAndGet();
    show(event, "accepted");
  }

  @Override
  public void stored(Event event, Outcome outcome, String shard) {
    if (outcome == Outcome.APPLIED) {
      applied.incrementAndGet();
      objects.putIfAbsent(event.key().tenant(), event.subject());
    }
    show(event, "translated, " + outcome.name().toLowerCase(Locale.ROOT) + " on shard " + shard);
  }

  @Override
  public void delivered(Delivery delivery, long nanos) {
    long took = Duration.between(delivery.event().time(), clock.instant()).toMillis();
    synchronized (millis) {
      millis.add(took);
    }
    delivered.incrementAndGet();
    show(
        delivery.event(),
        "told "
            + delivery.subscription().id()
            + String.format(Locale.ROOT, " (the call took %.0f ms)", nanos / 1e6));
  }

  @Override
  public void queued(Delivery delivery) {
    queued.incrementAndGet();
    show(delivery.event(), "waits behind an earlier one for " + delivery.subscription().id());
  }

  @Override
  public void failed(Delivery delivery, Failure failure) {
    failed.incrementAndGet();
    show(
        delivery.event(), "not taken by " + delivery.subscription().id() + ": " + failure.reason());
  }

  @Override
  public void judged(FailedEvent event, Verdict verdict) {
    if (verdict instanceof Verdict.Never never) {
      deadLettered.incrementAndGet();
      show(event.event(), "dead letter (" + never.why() + "): " + event.failure().reason());
    } else {
      parked.incrementAndGet();
      show(event.event(), "parked: " + event.failure().reason());
    }
  }

  private void show(Event event, String what) {
    long took = Duration.between(event.time(), clock.instant()).toMillis();
    line.accept(
        String.format(
            Locale.ROOT,
            "  %-7s %-5s %-28s %5d ms  %s",
            event.key().tenant(),
            event.key().system(),
            event.key().entity() + " " + event.key().externalId(),
            took,
            what));
  }

  public int accepted() {
    return accepted.get();
  }

  public int applied() {
    return applied.get();
  }

  public int delivered() {
    return delivered.get();
  }

  public int failed() {
    return failed.get();
  }

  public int deadLettered() {
    return deadLettered.get();
  }

  /** How often an event was parked. */
  public int parked() {
    return parked.get();
  }

  /** How many events had to wait behind an earlier one. */
  public int queued() {
    return queued.get();
  }

  /** Received to delivered; 0 when nothing was delivered. */
  public long percentile(double share) {
    synchronized (millis) {
      List<Long> sorted = millis.stream().sorted().toList();
      return sorted.isEmpty()
          ? 0
          : sorted.get((int) Math.min(sorted.size() - 1.0, Math.floor(sorted.size() * share)));
    }
  }

  /** The subject {@code entity/id} of an object of this tenant, if one was stored. */
  public Optional<String> anObjectOf(String tenant) {
    return Optional.ofNullable(objects.get(tenant));
  }
}
