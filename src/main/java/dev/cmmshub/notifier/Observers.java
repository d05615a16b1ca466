package dev.cmmshub.notifier;

import dev.cmmshub.broker.BatchParts;
import dev.cmmshub.broker.EventBatch;
import dev.cmmshub.message.Event;
import dev.cmmshub.store.DeliveryLog;
import dev.cmmshub.store.Shard;
import dev.cmmshub.store.ShardLanes;
import dev.cmmshub.store.Shards;
import dev.cmmshub.store.Waiting;
import dev.cmmshub.tenant.Subscription;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.trace.EventSteps;
import dev.cmmshub.trace.Names;
import dev.cmmshub.trace.Traces;
import io.opentelemetry.api.trace.SpanKind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Finds out who is to be told of a batch, and who was told before. */
public final class Observers {
  private final Function<String, Optional<Tenant>> tenants;
  private final Shards shards;
  private final DeliveryLog log;
  private final ShardLanes lanes;
  private final Traces traces;

  public Observers(
      Function<String, Optional<Tenant>> tenants,
      Shards shards,
      DeliveryLog log,
      ShardLanes lanes,
      Traces traces) {
    this.tenants = tenants;
    this.shards = shards;
    this.log = log;
    this.lanes = lanes;
    this.traces = traces;
  }

  /** Every subscription that wants the event, but never the system the event came from. */
  public Round match(EventBatch batch) {
    List<Delivery> deliveries = new ArrayList<>();
    List<Event> events = batch.events();
    EventSteps steps = traces.beginAll("notify", SpanKind.CONSUMER, events);
    for (int i = 0; i < events.size(); i++) {
      Event event = steps.at(i).carry(events.get(i));
      int before = deliveries.size();
      tenants.apply(event.key().tenant()).ifPresent(tenant -> match(tenant, event, deliveries));
      steps.at(i).put(Names.OBSERVERS, deliveries.size() - before);
    }
    return new Round(batch, deliveries, steps);
  }

  private static void match(Tenant tenant, Event event, List<Delivery> deliveries) {
    for (Subscription subscription : tenant.subscriptions()) {
      boolean origin = subscription.to().equals(event.key().system());
      if (!origin && subscription.wants(event) && isEnabled(tenant, subscription)) {
        deliveries.add(Delivery.first(tenant, subscription, event));
      }
    }
  }

  private static boolean isEnabled(Tenant tenant, Subscription subscription) {
    return subscription.isWebhook()
        || tenant.system(subscription.to()).filter(system -> system.enabled()).isPresent();
  }

  /**
   * Leaves out what was delivered before a crash or a re-sending, and queues what must wait behind
   * an earlier event of its object. Each part is one shard's.
   */
  public BatchParts<List<Delivery>> admit(Round round) {
    Map<Shard, Map<Waiting, Delivery>> byShard = new LinkedHashMap<>();
    for (Delivery delivery : round.deliveries()) {
      byShard
          .computeIfAbsent(shards.of(delivery.tenant()), s -> new LinkedHashMap<>())
          .putIfAbsent(delivery.waiting(), delivery);
    }
    List<CompletableFuture<List<Delivery>>> parts = new ArrayList<>(byShard.size());
    byShard.forEach(
        (shard, deliveries) ->
            parts.add(lanes.run(shard, deliveries.size(), () -> admit(shard, deliveries))));
    if (!round.steps().isEmpty()) {
      CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
          .whenComplete((done, error) -> round.steps().end(error));
    }
    return new BatchParts<>(round.batch(), parts);
  }

  private List<Delivery> admit(Shard shard, Map<Waiting, Delivery> deliveries) throws SQLException {
    Set<String> owners = new HashSet<>();
    deliveries.keySet().forEach(waiting -> owners.add(waiting.event().key().tenant()));
    return log.admit(shard, owners, List.copyOf(deliveries.keySet())).stream()
        .map(deliveries::get)
        .toList();
  }
}
