package dev.cmmshub.observe;

import dev.cmmshub.message.Event;
import dev.cmmshub.message.EventKey;
import dev.cmmshub.message.FailedEvent;
import dev.cmmshub.message.Failure;
import dev.cmmshub.notifier.Delivery;
import dev.cmmshub.recovery.Verdict;
import dev.cmmshub.store.Outcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Counts and times each event's way, per tenant, system and step. Names are in docs/operations.md.
 */
public final class Metrics implements Passages {
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(5), Duration.ofMillis(10), Duration.ofMillis(25), Duration.ofMillis(50),
    Duration.ofMillis(100), Duration.ofMillis(250), Duration.ofMillis(500), Duration.ofSeconds(1),
    Duration.ofMillis(2500), Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofMinutes(1)
  };

  private final MeterRegistry registry;
  private final Clock clock;
  // Looking a meter up by its tags costs more than counting it.
  private final Map<String, Counter> counters = new ConcurrentHashMap<>();
  private final Map<String, Timer> timers = new ConcurrentHashMap<>();

  public Metrics(MeterRegistry registry, Clock clock) {
    this.registry = registry;
    this.clock = clock;
  }

  @Override
  public void accepted(Event event) {
    count(event, "gateway", "accepted");
    since(event, "gateway");
  }

  @Override
  public void rejected(String tenant, String code) {
    count(tenant, "", "gateway", "rejected");
    failure(tenant, "", "gateway", code);
  }

  @Override
  public void stored(Event event, Outcome outcome, String shard) {
    count(event, "store", outcome.name().toLowerCase(Locale.ROOT));
    since(event, "store");
  }

  @Override
  public void delivered(Delivery delivery, long nanos) {
    count(delivery.event(), "notify", "delivered");
    if (delivery.parked()) {
      count(delivery.event(), "retry", "passed");
    }
    since(delivery.event(), "notify");
    timer("hub.delivery", delivery.tenant().id(), delivery.subscription().id())
        .record(nanos, TimeUnit.NANOSECONDS);
    timer("hub.end.to.end", delivery.tenant().id(), "")
        .record(Duration.between(delivery.event().time(), clock.instant()));
  }

  @Override
  public void skipped(Delivery delivery) {
    count(delivery.event(), "notify", "skipped");
  }

  @Override
  public void found(Delivery delivery) {
    count(delivery.event(), "notify", "found");
  }

  @Override
  public void queued(Delivery delivery) {
    count(delivery.event(), "notify", "queued");
  }

  @Override
  public void failed(Delivery delivery, Failure failure) {
    count(delivery.event(), "notify", "failed");
  }

  @Override
  public void judged(FailedEvent failed, Verdict verdict) {
    count(failed.event(), "retry", verdict instanceof Verdict.Never ? "dead_lettered" : "parked");
    failure(
        failed.event().key().tenant(),
        failed.event().key().system(),
        failed.failure().stage(),
        failed.failure().errorClass());
  }

  /** How long after it was received an event had passed a step. */
  private void since(Event event, String step) {
    EventKey key = event.key();
    timers
        .computeIfAbsent(
            step + '|' + key.tenant() + '|' + key.system(),
            name ->
                Timer.builder("hub.step")
                    .tag("tenant", key.tenant())
                    .tag("system", key.system())
                    .tag("step", step)
                    .serviceLevelObjectives(BUCKETS)
                    .register(registry))
        .record(Duration.between(event.time(), clock.instant()));
  }

  private void count(Event event, String step, String outcome) {
    count(event.key().tenant(), event.key().system(), step, outcome);
  }

  private void count(String tenant, String system, String step, String outcome) {
    counters
        .computeIfAbsent(
            tenant + '|' + system + '|' + step + '|' + outcome,
            key ->
                Counter.builder("hub.events")
                    .tag("tenant", tenant)
                    .tag("system", system)
                    .tag("step", step)
                    .tag("outcome", outcome)
                    .register(registry))
        .increment();
  }

  private void failure(String tenant, String system, String step, String errorClass) {
    counters
        .computeIfAbsent(
            "!" + tenant + '|' + system + '|' + step + '|' + errorClass,
            key ->
                Counter.builder("hub.failures")
                    .tag("tenant", tenant)
                    .tag("system", system)
                    .tag("step", step)
                    .tag("class", errorClass)
                    .register(registry))
        .increment();
  }

  private Timer timer(String name, String tenant, String subscription) {
    return timers.computeIfAbsent(
        name + '|' + tenant + '|' + subscription,
        key -> {
          Timer.Builder builder =
              Timer.builder(name).tag("tenant", tenant).serviceLevelObjectives(BUCKETS);
          return (subscription.isEmpty() ? builder : builder.tag("subscription", subscription))
              .register(registry);
        });
  }
}
