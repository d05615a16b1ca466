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
import java.util.List;
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

  private static final String PASSED = "passed";
  private static final String FAILED = "failed";
  private static final String GAVE_UP = "gave_up";
  private static final List<String> RETRIES = List.of(PASSED, FAILED, GAVE_UP);

  private final MeterRegistry registry;
  private final Clock clock;
  private final TenantNames names;
  // Looking a meter up by its tags costs more than counting it.
  private final Map<String, Counter> counters = new ConcurrentHashMap<>();
  private final Map<String, Timer> timers = new ConcurrentHashMap<>();

  public Metrics(MeterRegistry registry, Clock clock, TenantNames names) {
    this.registry = registry;
    this.clock = clock;
    this.names = names;
    // There from the start, so that the list of metrics is whole before anything failed.
    RETRIES.forEach(outcome -> retries("unknown", outcome));
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
      retries(delivery.event().key().tenant(), PASSED).increment();
    }
    since(delivery.event(), "notify");
    String tenant = delivery.tenant().id();
    timer("hub.delivery", names.of(tenant), names.of(tenant, delivery.subscription().id()))
        .record(nanos, TimeUnit.NANOSECONDS);
    timer("hub.end.to.end", names.of(tenant), "")
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
    boolean never = verdict instanceof Verdict.Never;
    count(failed.event(), "retry", never ? "dead_lettered" : "parked");
    String tenant = failed.event().key().tenant();
    // From zero with a tenant's first failure, so that its first retry is a rise.
    RETRIES.forEach(outcome -> retries(tenant, outcome));
    if (failed.attempt() > 1) {
      retries(tenant, never ? GAVE_UP : FAILED).increment();
    }
    failure(
        tenant,
        failed.event().key().system(),
        failed.failure().stage(),
        failed.failure().errorClass());
  }

  /** How long after it was received an event had passed a step. */
  private void since(Event event, String step) {
    EventKey key = event.key();
    String tenant = names.of(key.tenant());
    String system = names.of(key.tenant(), key.system());
    timers
        .computeIfAbsent(
            step + '|' + tenant + '|' + system,
            name ->
                Timer.builder("hub.step")
                    .tag("tenant", tenant)
                    .tag("system", system)
                    .tag("step", step)
                    .serviceLevelObjectives(BUCKETS)
                    .register(registry))
        .record(Duration.between(event.time(), clock.instant()));
  }

  private void count(Event event, String step, String outcome) {
    count(event.key().tenant(), event.key().system(), step, outcome);
  }

  private void count(String who, String where, String step, String outcome) {
    String tenant = names.of(who);
    String system = names.of(who, where);
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

  /** What became of attempts after the first. */
  private Counter retries(String who, String outcome) {
    String tenant = names.of(who);
    return counters.computeIfAbsent(
        "?" + tenant + '|' + outcome,
        key ->
            Counter.builder("hub.retries")
                .tag("tenant", tenant)
                .tag("outcome", outcome)
                .register(registry));
  }

  private void failure(String who, String where, String step, String errorClass) {
    String tenant = names.of(who);
    String system = names.of(who, where);
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
