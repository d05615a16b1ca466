package dev.cmmshub.notifier;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.cmmshub.broker.ErrorQueue;
import dev.cmmshub.message.Event;
import dev.cmmshub.message.FailedEvent;
import dev.cmmshub.message.Failure;
import dev.cmmshub.tenant.Tenant;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/**
 * Tells all observers at once. A round takes as long as its slowest observer, and a slow or dead
 * observer delays no other: rounds overlap, and what an observer does not take goes to the error
 * queue. Per observer and business object, deliveries are made one after the other.
 */
public final class Notifier {
  private static final int MOST_OUTSTANDING = 20_000;
  // Longer than a round takes from looking up what was delivered to telling.
  private static final Duration REMEMBERED = Duration.ofSeconds(10);

  private final Function<String, Optional<Tenant>> tenants;
  private final Targets targets;
  private final Sender webhooks;
  private final Sender systems;
  private final DeliveryRecorder recorder;
  private final ErrorQueue errors;
  private final NotifierObserver observer;
  private final KeyOrder order = new KeyOrder();
  private final Cache<String, CompletableFuture<Void>> recent =
      Caffeine.newBuilder().expireAfterWrite(REMEMBERED).maximumSize(2L * MOST_OUTSTANDING).build();
  private final Semaphore outstanding = new Semaphore(MOST_OUTSTANDING);

  public Notifier(
      Function<String, Optional<Tenant>> tenants,
      Targets targets,
      Sender webhooks,
      Sender systems,
      DeliveryRecorder recorder,
      ErrorQueue errors,
      NotifierObserver observer) {
    this.tenants = tenants;
    this.targets = targets;
    this.webhooks = webhooks;
    this.systems = systems;
    this.recorder = recorder;
    this.errors = errors;
    this.observer = observer;
  }

  /**
   * Starts a round and returns; the batch is done when each delivery was noted or handed to the
   * error queue. Waits only while 20,000 deliveries are on their way.
   */
  public void tell(Round round) {
    List<CompletableFuture<Void>> deliveries =
        round.deliveries().stream().map(this::deliverOnce).toList();
    round
        .batch()
        .completeWith(CompletableFuture.allOf(deliveries.toArray(CompletableFuture[]::new)));
  }

  /**
   * Tries a failed delivery again; completes when it was noted or handed to the error queue with
   * the next attempt's number. A subscription that is gone counts as delivered to nobody.
   */
  public CompletableFuture<Void> redeliver(Event event, String subscription, int attempt) {
    Optional<Tenant> tenant = tenants.apply(event.key().tenant());
    return tenant
        .flatMap(t -> t.subscription(subscription))
        .map(found -> deliver(new Delivery(tenant.get(), found, event, attempt)))
        .orElseGet(
            () ->
                errors.add(
                    List.of(
                        new FailedEvent(
                            event,
                            Failure.delivery(
                                subscription,
                                "unsubscribed",
                                "tenants.yaml has no subscription '"
                                    + subscription
                                    + "' of tenant '"
                                    + event.key().tenant()
                                    + "' any more"),
                            attempt))));
  }

  /** Rounds overlap: the same event may be on its way already, or was noted a moment ago. */
  private CompletableFuture<Void> deliverOnce(Delivery delivery) {
    String identity = delivery.tenant().id() + '/' + delivery.identity();
    return recent
        .asMap()
        .compute(
            identity,
            (key, before) ->
                before == null || before.isCompletedExceptionally() ? deliver(delivery) : before);
  }

  private CompletableFuture<Void> deliver(Delivery delivery) {
    outstanding.acquireUninterruptibly();
    long begin = System.nanoTime();
    return order
        .run(delivery.orderKey(), () -> send(delivery))
        .handle((result, error) -> settle(delivery, error, System.nanoTime() - begin))
        .thenCompose(Function.identity())
        .whenComplete((result, error) -> outstanding.release());
  }

  private CompletableFuture<Void> send(Delivery delivery) {
    if (!delivery.tenant().enabled()) {
      return CompletableFuture.failedFuture(
          new DeliveryException(
              Failure.delivery(
                  delivery.subscription().id(), "disabled", "the tenant is disabled")));
    }
    Sender sender = delivery.subscription().isWebhook() ? webhooks : systems;
    return targets.of(delivery).call(delivery, () -> sender.send(delivery));
  }

  private CompletableFuture<Void> settle(Delivery delivery, Throwable error, long nanos) {
    Throwable cause = Target.unwrap(error);
    if (cause == null) {
      observer.delivered(delivery, nanos);
      return recorder.record(delivery);
    }
    Failure failure =
        cause instanceof DeliveryException known
            ? known.failure()
            : Failure.delivery(delivery.subscription().id(), "internal", cause.toString());
    if (failure.errorClass().equals(SKIPPED)) {
      observer.skipped(delivery);
      return recorder.record(delivery);
    }
    observer.failed(delivery, failure);
    return errors.add(List.of(new FailedEvent(delivery.event(), failure, delivery.attempt())));
  }

  /**
   * Error class of a delivery the system's mapping does not want: nothing is sent, nothing failed.
   */
  static final String SKIPPED = "skipped";
}
