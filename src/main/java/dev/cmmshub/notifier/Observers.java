package dev.cmmshub.notifier;

import dev.cmmshub.broker.EventBatch;
import dev.cmmshub.message.Event;
import dev.cmmshub.store.DeliveryLog;
import dev.cmmshub.store.Shard;
import dev.cmmshub.store.Shards;
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
        deliveries.add(new Delivery(tenant, subscription, event, 1));
      }
    }
  }

  private static boolean isEnabled(Tenant tenant, Subscription subscription) {
    return subscription.isWebhook()
        || tenant.system(subscription.to()).filter(system -> system.enabled()).isPresent();
  }

  /** Leaves out what was delivered before a crash or a re-sending; waits while a shard is away. */
  public Round dropDelivered(Round round) throws SQLException {
    Map<Shard, List<Delivery>> byShard = new LinkedHashMap<>();
    for (Delivery delivery : round.deliveries()) {
      byShard.computeIfAbsent(shards.of(delivery.tenant()), s -> new ArrayList<>()).add(delivery);
    }
    Set<String> known = new HashSet<>();
    for (Map.Entry<Shard, List<Delivery>> entry : byShard.entrySet()) {
      Set<String> owners = new HashSet<>();
      Set<String> events = new HashSet<>();
      entry
          .getValue()
          .forEach(
              delivery -> {
                owners.add(delivery.tenant().id());
                events.add(delivery.event().id());
              });
      known.addAll(log.delivered(entry.getKey(), owners, events));
    }
    // The same event can also stand twice in one batch.
    List<Delivery> fresh =
        round.deliveries().stream().filter(delivery -> known.add(delivery.identity())).toList();
    return new Round(round.batch(), fresh);
  }
}
