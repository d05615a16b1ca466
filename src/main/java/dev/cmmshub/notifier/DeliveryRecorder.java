package dev.cmmshub.notifier;

import dev.cmmshub.message.Failure;
import dev.cmmshub.notifier.ShardRecorder.Kind;
import dev.cmmshub.store.DeliveryLog;
import dev.cmmshub.store.Shards;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Notes in the shards what became of deliveries; one that is away holds up no other. */
public final class DeliveryRecorder implements AutoCloseable {
  private final Shards shards;
  private final DeliveryLog log;
  private final Runnable nowDue;
  private final Map<String, ShardRecorder> recorders = new ConcurrentHashMap<>();

  /**
   * @param nowDue told when events behind a delivered one became due
   */
  public DeliveryRecorder(Shards shards, DeliveryLog log, Runnable nowDue) {
    this.shards = shards;
    this.log = log;
    this.nowDue = nowDue;
  }

  /** Completes when the shard knows of the delivery. */
  CompletableFuture<Boolean> delivered(Delivery delivery) {
    return add(Kind.DELIVERED, delivery, null);
  }

  /** Completes when the shard knows that the observer had it already. */
  CompletableFuture<Boolean> found(Delivery delivery) {
    return add(Kind.FOUND, delivery, null);
  }

  /** Completes when the delivery's ordering key is parked, so that nothing can pass it. */
  CompletableFuture<Boolean> hold(Delivery delivery, Failure failure) {
    return add(Kind.FAILED, delivery, failure);
  }

  /** Completes with true when the delivery queues, with false when its ordering key is free. */
  CompletableFuture<Boolean> behind(Delivery delivery) {
    return add(Kind.BEHIND, delivery, null);
  }

  private CompletableFuture<Boolean> add(Kind kind, Delivery delivery, Failure failure) {
    var shard = shards.of(delivery.tenant());
    return recorders
        .computeIfAbsent(shard.name(), name -> new ShardRecorder(shard, log, nowDue))
        .add(kind, delivery, failure);
  }

  @Override
  public void close() {
    recorders.values().forEach(ShardRecorder::close);
  }
}
