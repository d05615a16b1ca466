package dev.cmmshub.notifier;

import dev.cmmshub.broker.EventBatch;
import dev.cmmshub.message.Event;
import dev.cmmshub.store.DeliveryLog;
import dev.cmmshub.store.Shard;
import dev.cmmshub.store.Shards;
import dev.cmmshub.store.Waiting;
import dev.cmmshub.tenant.Subscription;
import dev.cmmshub.tenant.Tenant;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Finds out who is to be told of a batch, and who was told before. */
public final class Observers {
  private final Function<String, Optional<Tenant>> tenants;
  private final Shards shards;
  private final DeliveryLog log;

  public Observers(Function<String, Optional<Tenant>> tenants, Shards shards, DeliveryLog log) {
    this.tenants = tenants;
    this.shards = shards;
    this.log = log;
  }

  /** Every subscription that wants the event, but never the system the event came from. */
  public Round match(EventBatch batch) {
    List<Delivery> deliveries = new ArrayList<>();
    for (Event event : batch.events()) {
      tenants.apply(event.key().tenant()).ifPresent(tenant -> match(tenant, event, deliveries));
    }
    return new Round(batch, deliveries);
  }

  private static void match(Tenant tenant, Event event, List<Delivery> deliveries) {
    String topic = event.topicOfInterest();
    for (Subscription subscription : tenant.subscriptions()) {
      boolean origin = subscription.to().equals(event.key().system());
      if (!origin && subscription.wants(topic) && isEnabled(tenant, subscription)) {
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
   * an earlier event of its object; waits while a shard is away.
   */
  public Round admit(Round round) throws SQLException {
    Map<Shard, Map<Waiting, Delivery>> byShard = new LinkedHashMap<>();
    for (Delivery delivery : round.deliveries()) {
      byShard
          .computeIfAbsent(shards.of(delivery.tenant()), s -> new LinkedHashMap<>())
          .putIfAbsent(delivery.waiting(), delivery);
    }
    List<Delivery> admitted = new ArrayList<>(round.deliveries().size());
    for (Map.Entry<Shard, Map<Waiting, Delivery>> entry : byShard.entrySet()) {
      Map<Waiting, Delivery> deliveries = entry.getValue();
      Set<String> owners = new HashSet<>();
      deliveries.keySet().forEach(waiting -> owners.add(waiting.event().key().tenant()));
      log.admit(entry.getKey(), owners, List.copyOf(deliveries.keySet()))
          .forEach(waiting -> admitted.add(deliveries.get(waiting)));
    }
    return new Round(round.batch(), admitted);
  }
}
