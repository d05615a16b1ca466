package dev.cmmshub.bench;

import dev.cmmshub.Loopback;
import dev.cmmshub.broker.ErrorQueue;
import dev.cmmshub.broker.EventBatch;
import dev.cmmshub.broker.EventPublisher;
import dev.cmmshub.broker.TopicCreator;
import dev.cmmshub.broker.Topics;
import dev.cmmshub.message.Event;
import dev.cmmshub.message.Failure;
import dev.cmmshub.notifier.Delivery;
import dev.cmmshub.notifier.DeliveryRecorder;
import dev.cmmshub.notifier.HookAddresses;
import dev.cmmshub.notifier.Notifier;
import dev.cmmshub.notifier.NotifierObserver;
import dev.cmmshub.notifier.Observers;
import dev.cmmshub.notifier.Round;
import dev.cmmshub.notifier.Targets;
import dev.cmmshub.notifier.WebhookSender;
import dev.cmmshub.store.DeliveryLog;
import dev.cmmshub.store.ShardLanes;
import dev.cmmshub.store.ShardMigration;
import dev.cmmshub.store.Shards;
import dev.cmmshub.tenant.DeliveryOrder;
import dev.cmmshub.tenant.Secret;
import dev.cmmshub.tenant.Subscription;
import dev.cmmshub.tenant.Tenants;
import dev.cmmshub.trace.Traces;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** Signed webhooks: the hub's notifier with its delivery log beside a bare asynchronous client. */
final class NotifierBench {
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final int BATCH = 500;
  private static final NotifierObserver SILENT =
      new NotifierObserver() {
        @Override
        public void found(Delivery delivery) {}

        @Override
        public void delivered(Delivery delivery, long nanos) {}

        @Override
        public void skipped(Delivery delivery) {}

        @Override
        public void queued(Delivery delivery) {}

        @Override
        public void failed(Delivery delivery, Failure failure) {}
      };

  private final Path data;
  private final int events;
  private final int rounds;

  NotifierBench(Path data, int events, int rounds) {
    this.data = data;
    this.events = events;
    this.rounds = rounds;
  }

  Result run() throws Exception {
    Result result = new Result("notifier", rounds);
    try (BenchServers servers = new BenchServers(data, 1);
        Receiver receiver = new Receiver()) {
      servers.backends().shards().forEach(new ShardMigration()::migrate);
      BenchShard shard = new BenchShard(servers.backends().shards().get(0));
      Tenants one = BenchServers.tenants(List.of(webhook("hook", receiver.fast())));
      for (int round = 0; round <= rounds; round++) {
        shard.empty();
        List<EventBatch> batches = batches(round);
        System.gc();
        add(result, round, "hub", hub(servers, one, batches));
        List<byte[]> bodies = bodies(round);
        System.gc();
        add(result, round, "async-client", BareClient.run(receiver.fast(), bodies, 64));
      }
      shard.empty();
      slowRound(servers, receiver);
    }
    return result;
  }

  private static void add(Result result, int round, String variant, Cost.PerOperation each) {
    System.err.printf(
        Locale.ROOT,
        "notifier round %d %-12s %,.0f /s, %.1f us %,.0f bytes%n",
        round,
        variant,
        each.perSecond(),
        each.micros(),
        each.bytes());
    if (round > 0) {
      result.add(variant, each.perSecond());
      result.addCost(variant, each);
    }
  }

  private static Subscription webhook(String id, String address) {
    return new Subscription(
        id, address, List.of("*"), DeliveryOrder.STRICT, Optional.of(new Secret(SECRET)));
  }

  private List<EventBatch> batches(int round) {
    List<EventBatch> batches = new ArrayList<>();
    for (int from = 0; from < events; from += BATCH) {
      List<Event> batch = new ArrayList<>(BATCH);
      for (int i = from; i < Math.min(events, from + BATCH); i++) {
        batch.add(WorkOrders.event("bench-" + i % 3, i, 1_780_000_000_000L + round));
      }
      batches.add(new EventBatch(batch, new CompletableFuture<>()));
    }
    return batches;
  }

  private List<byte[]> bodies(int round) {
    return IntStream.range(0, events)
        .mapToObj(i -> WorkOrders.body(i, 1_780_000_000_000L + round))
        .toList();
  }

  /** Matching, asking the delivery log, sending, noting: all that routes/3-notify does. */
  private static Cost.PerOperation hub(
      BenchServers servers, Tenants tenants, List<EventBatch> batches) throws Exception {
    Topics topics = new Topics("bench");
    new TopicCreator(servers.brokers(), BenchServers.PARTITIONS, 1, 12 << 20).createMissing(topics);
    Vertx vertx = Vertx.vertx();
    DeliveryLog log = new DeliveryLog();
    try (Shards shards = new Shards(servers.backends().shards(), new SimpleMeterRegistry());
        EventPublisher publisher = new EventPublisher(servers.brokers(), 12 << 20, 0, Traces.OFF);
        HookAddresses addresses = Loopback.hooks();
        WebhookSender webhooks = new WebhookSender(vertx, addresses, Clock.systemUTC());
        ShardLanes lanes = new ShardLanes("admit", 1);
        DeliveryRecorder recorder = new DeliveryRecorder(shards, log, () -> {})) {
      Observers observers = new Observers(tenants::byId, shards, log, lanes, Traces.OFF);
      Notifier notifier =
          new Notifier(
              tenants::byId,
              new Targets(),
              webhooks,
              delivery -> CompletableFuture.completedFuture(null),
              recorder,
              new ErrorQueue(publisher, topics),
              SILENT);
      Cost cost = new Cost();
      int deliveries = 0;
      for (EventBatch batch : batches) {
        Round round = observers.match(batch);
        deliveries += round.deliveries().size();
        notifier.tell(observers.admit(round));
      }
      batches.forEach(batch -> batch.done().join());
      return cost.per(deliveries);
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  /** One event for 50 observers that each take 1 s, and again with one of them dead. */
  private static void slowRound(BenchServers servers, Receiver receiver) throws Exception {
    for (boolean dead : List.of(false, true)) {
      List<Subscription> observers = new ArrayList<>();
      IntStream.range(0, 50).forEach(i -> observers.add(webhook("slow-" + i, receiver.slow(i))));
      if (dead) {
        observers.set(0, webhook("dead", receiver.dead()));
      }
      Tenants tenants = BenchServers.tenants(observers);
      EventBatch batch =
          new EventBatch(
              List.of(WorkOrders.event("bench-0", 1, dead ? 2 : 1)), new CompletableFuture<>());
      receiver.reset();
      long begin = System.nanoTime();
      CompletableFuture<Void> running =
          CompletableFuture.runAsync(
              () -> {
                try {
                  hub(servers, tenants, List.of(batch));
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              });
      receiver.awaitSlow(dead ? 49 : 50);
      double seconds = (System.nanoTime() - begin) / 1e9;
      System.err.printf(
          "notifier: one event told to %d observers of 1 s each in %.2f s%s%n",
          dead ? 49 : 50, seconds, dead ? ", a 50th never answers" : "");
      running.join();
    }
  }
}
