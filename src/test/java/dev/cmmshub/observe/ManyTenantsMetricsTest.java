package dev.cmmshub.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cmmshub.egress.EgressTarget;
import dev.cmmshub.gateway.throttle.Limit;
import dev.cmmshub.message.Event;
import dev.cmmshub.message.EventKey;
import dev.cmmshub.message.FailedEvent;
import dev.cmmshub.message.Failure;
import dev.cmmshub.notifier.Delivery;
import dev.cmmshub.observe.WorstFirst.Reading;
import dev.cmmshub.recovery.Verdict;
import dev.cmmshub.store.Outcome;
import dev.cmmshub.store.Watermarks.Resource;
import dev.cmmshub.tenant.DeliveryOrder;
import dev.cmmshub.tenant.Limits;
import dev.cmmshub.tenant.RetryPolicy;
import dev.cmmshub.tenant.Secret;
import dev.cmmshub.tenant.Subscription;
import dev.cmmshub.tenant.Tenant;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What ten thousand tenants make of the metrics. */
class ManyTenantsMetricsTest {
  private static final int ALL = 10_000;
  private static final int MOST = 500;
  private static final Clock CLOCK = Clock.systemUTC();

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  @Test
  void fiveHundredAreNamedAndNothingIsLost() throws Exception {
    TenantNames names = new TenantNames(MOST, List.of("vip"));
    PollMetrics polls = new PollMetrics(registry, names);
    List<Passing> all =
        IntStream.range(0, ALL).mapToObj(i -> new Passing("t" + i, names, polls)).toList();
    inParallel(all);
    new Passing("vip", names, polls).call();

    assertThat(tenants()).hasSize(MOST + 3).contains("vip", "unknown", TenantNames.OTHERS);
    for (String outcome : List.of("accepted", "applied", "delivered", "parked")) {
      assertThat(total("hub.events", "outcome", outcome)).isEqualTo(ALL + 1);
    }
    assertThat(total("hub.events", "tenant", TenantNames.OTHERS)).isEqualTo(4 * (ALL - MOST));
    assertThat(total("hub.retries", "outcome", "failed")).isEqualTo(ALL + 1);
    assertThat(total("hub.failures", "class", "status")).isEqualTo(ALL + 1);
    assertThat(total("hub.gateway.requests", "version", "v1")).isEqualTo(ALL + 1);
    assertThat(total("hub.poll.records", "outcome", "sent")).isEqualTo(3 * (ALL + 1));
    assertThat(registry.get("hub.poll.failures").tag("tenant", TenantNames.OTHERS).gauge().value())
        .isEqualTo(7);
    assertThat(registry.find("hub.end.to.end").timers().stream().mapToLong(timer -> timer.count()))
        .satisfies(
            counts ->
                assertThat(counts.stream().mapToLong(Long::longValue).sum()).isEqualTo(ALL + 1));
    String scrape = registry.scrape();
    System.out.printf(
        "metrics of %,d tenants, %d of them named: %,d lines, %,d kB%n",
        ALL, MOST, scrape.lines().count(), scrape.length() >> 10);
    assertThat(scrape.lines()).hasSizeLessThan(150 * MOST);
  }

  @Test
  void aNameOnceGivenStays() {
    TenantNames names = new TenantNames(2, List.of());
    assertThat(List.of("a", "b", "c", "a").stream().map(names::of))
        .containsExactly("a", "b", TenantNames.OTHERS, "a");
    assertThat(names.of("c", "sap")).isEqualTo(TenantNames.OTHERS);
    assertThat(names.of("b", "sap")).isEqualTo("sap");
  }

  /** However many came before: gauges name who has most now. */
  @Test
  void whoIsInTroubleIsAlwaysNamed() {
    List<Reading> readings = new ArrayList<>();
    for (int i = 0; i < ALL; i++) {
      readings.add(new Reading("t" + i, Tags.of("shard", "a"), i == 9_876 ? 40 : i % 3));
    }
    Map<String, Double> rows = shown(WorstFirst.summed("tenant", MOST).rows(readings));
    assertThat(rows).hasSize(MOST + 1).containsEntry("t9876", 40.0);
    double sum = readings.stream().mapToDouble(Reading::value).sum();
    assertThat(rows.values().stream().mapToDouble(Double::doubleValue).sum())
        .isCloseTo(sum, within(0.1));

    Map<String, Double> ages = shown(WorstFirst.highest("tenant", MOST).rows(readings));
    assertThat(ages).hasSize(MOST + 1).containsEntry(TenantNames.OTHERS, 2.0);
    Map<String, Double> ends = shown(WorstFirst.lowest("tenant", MOST).rows(readings));
    assertThat(ends).hasSize(MOST + 1).containsEntry(TenantNames.OTHERS, 0.0);
  }

  @Test
  void fewTenantsAreAllNamed() {
    List<Reading> readings =
        List.of(
            new Reading("acme", Tags.empty(), Tags.of("key", "one"), 0),
            new Reading("acme", Tags.empty(), Tags.of("key", "two"), 3),
            new Reading("river", Tags.empty(), Tags.of("key", "one"), 0));
    assertThat(WorstFirst.lowest("tenant", 2).rows(readings)).hasSize(3);
    assertThat(WorstFirst.lowest("tenant", 1).rows(readings)).hasSize(3);
    assertThat(WorstFirst.lowest("tenant", 1).rows(readings))
        .containsKey(Tags.of("tenant", TenantNames.OTHERS, "key", TenantNames.OTHERS));
  }

  /** One event's whole way, each time of another tenant. */
  private final class Passing implements Callable<Void> {
    private final String tenant;
    private final Metrics metrics;
    private final VersionMetrics versions;
    private final ThrottleMetrics throttle;
    private final EgressMetrics egress;
    private final PollMetrics polls;

    Passing(String tenant, TenantNames names, PollMetrics polls) {
      this.tenant = tenant;
      this.metrics = new Metrics(registry, CLOCK, names);
      this.versions = new VersionMetrics(registry, names);
      this.throttle = new ThrottleMetrics(registry, names);
      this.egress = new EgressMetrics(registry, names);
      this.polls = polls;
    }

    @Override
    public Void call() {
      Event event =
          new Event(
              "id",
              Event.type("workorder", "released"),
              "workorder/1",
              new EventKey(tenant, "sap-of-" + tenant, "workorder", "1"),
              1,
              Instant.now(),
              "application/json",
              null,
              "c",
              null,
              new byte[0]);
      Delivery delivery = Delivery.first(tenant(), hook(), event);
      Failure failure = Failure.delivery("hook-of-" + tenant, "status", "why");
      metrics.accepted(event);
      metrics.stored(event, Outcome.APPLIED, "a");
      metrics.delivered(delivery, 1_000);
      metrics.judged(
          new FailedEvent(event, failure, 2),
          new Verdict.Later(java.time.Duration.ofSeconds(1), true));
      versions.called(tenant, "v1");
      throttle.throttled(tenant, Limit.values()[0]);
      egress.refused(new EgressTarget(tenant, "hook-of-" + tenant));
      Resource resource = new Resource(tenant, "sap-of-" + tenant, "part");
      polls.begins(resource);
      polls.read(resource, 3, 0, 0);
      polls.failed(resource, tenant.endsWith("99") ? 7 : 1);
      return null;
    }

    private Subscription hook() {
      return new Subscription(
          "hook-of-" + tenant,
          "https://hooks.example.com/a",
          List.of("*"),
          DeliveryOrder.STRICT,
          Optional.of(new Secret("whsec_c2VjcmV0")));
    }

    private Tenant tenant() {
      return new Tenant(
          tenant,
          true,
          List.of(),
          Map.of(),
          List.of(hook()),
          Map.of(),
          RetryPolicy.DEFAULT,
          Limits.DEFAULT,
          List.of(),
          Optional.empty());
    }
  }

  private static void inParallel(List<Passing> all) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      for (var one : threads.invokeAll(all)) {
        one.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private Set<String> tenants() {
    return registry.getMeters().stream()
        .map(Meter::getId)
        .map(id -> id.getTag("tenant"))
        .filter(java.util.Objects::nonNull)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private double total(String name, String label, String value) {
    return registry.find(name).tag(label, value).counters().stream()
        .mapToDouble(counter -> counter.count())
        .sum();
  }

  private static Map<String, Double> shown(Map<Tags, Double> rows) {
    PrometheusMeterRegistry own = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    new RowGauge(own, "rows").set(rows);
    return own.find("rows").gauges().stream()
        .collect(Collectors.toMap(g -> g.getId().getTag("tenant"), g -> g.value()));
  }
}
