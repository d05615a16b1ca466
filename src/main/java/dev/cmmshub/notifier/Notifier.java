package dev.cmmshub.notifier;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.cmmshub.broker.BatchParts;
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
 * observer delays no other: rounds overlap, and what an observer does not take is parked in the
 * shard and goes to the error queue. Per observer and business object, deliveries are made one
 * after the other, and none is made while an earlier one waits.
 */
public final class Notifier {
  private static final int MOST_OUTSTANDING = 20_000;
  // Longer than a round takes from looking up what was delivered to telling.
  private static final Duration REMEMBERED = Duration.ofSeconds(10);
  // Longer than a delivery can wait between being admitted and being sent.
  private static final Duration KEPT_BACK = Duration.ofMinutes(30);

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
  // Ordering keys that failed since later deliveries were admitted: those must ask the shard again.
  private final Cache<String, Boolean> failing =
      Caffeine.newBuilder().expireAfterWrite(KEPT_BACK).build();
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
   * error queue. No shard's deliveries wait for another's; all wait while 20,000 are on their way.
   */
  public void tell(BatchParts<List<Delivery>> round) {
    round.completeWith(
        deliveries ->
            CompletableFuture.allOf(
                deliveries.stream().map(this::deliverOnce).toArray(CompletableFuture[]::new)));
  }

  /**
   * Makes deliveries that waited; completes when each was noted, or handed to the error queue with
   * this attempt's number.
   */
  public CompletableFuture<Void> redeliver(List<FailedEvent> due) {
    return CompletableFuture.allOf(
        due.stream().map(this::redeliver).toArray(CompletableFuture[]::new));
  }

  /** One whose subscription is gone fails for ever. */
  private CompletableFuture<Void> redeliver(FailedEvent waited) {
    Event event = waited.event();
    String subscription = waited.failure().subscription();
    boolean unknown = waited.failure().unknown();
    Optional<Tenant> tenant = tenants.apply(event.key().tenant());
    return tenant
        .flatMap(t -> t.subscription(subscription))
        .map(to -> deliver(new Delivery(tenant.get(), to, event, waited.attempt(), true, unknown)))
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
                            waited.attempt()))));
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
    CompletableFuture<Void> settled = new CompletableFuture<>();
    order.run(delivery.orderKey(), () -> attempt(observer.begun(delivery), settled));
    return settled.whenComplete((result, error) -> outstanding.release());
  }

  /**
   * Completes when the next delivery of the key may begin, which can be before this one is settled:
   * a delivery that passed need not be noted yet, but one that failed must hold its key.
   */
  private CompletableFuture<Void> attempt(Delivery delivery, CompletableFuture<Void> settled) {
    if (delivery.parked() || !isFailing(delivery)) {
      return sendAndSettle(delivery, settled);
    }
    return recorder
        .behind(delivery)
        .handle(
            (queued, error) -> {
              if (error != null) {
                settled.completeExceptionally(error);
              } else if (queued) {
                observer.queued(delivery);
                settled.complete(null);
              } else {
                failing.invalidate(place(delivery));
                return sendAndSettle(delivery, settled);
              }
              return DONE;
            })
        .thenCompose(Function.identity());
  }

  private CompletableFuture<Void> sendAndSettle(
      Delivery delivery, CompletableFuture<Void> settled) {
    long begin = System.nanoTime();
    return KeyOrder.begin(() -> send(delivery))
        .handle((result, error) -> settle(delivery, error, System.nanoTime() - begin, settled))
        .thenCompose(Function.identity());
  }

  /**
   * Asked again when it leaves: it may have waited for its target while the tenant was switched.
   */
  private CompletableFuture<Void> send(Delivery delivery) {
    Sender sender = delivery.subscription().isWebhook() ? webhooks : systems;
    return isDisabled(delivery)
        ? refused(delivery)
        : targets
            .of(delivery)
            .call(delivery, () -> isDisabled(delivery) ? refused(delivery) : sender.send(delivery));
  }

  private boolean isDisabled(Delivery delivery) {
    return !tenants.apply(delivery.tenant().id()).map(Tenant::enabled).orElse(false);
  }

  /** Of a tenant that is disabled nothing is sent. */
  static CompletableFuture<Void> refused(Delivery delivery) {
    return CompletableFuture.failedFuture(
        new DeliveryException(
            Failure.delivery(
                delivery.subscription().id(),
                DISABLED,
                "tenant '" + delivery.tenant().id() + "' is disabled in tenants.yaml")));
  }

  private CompletableFuture<Void> settle(
      Delivery delivery, Throwable error, long nanos, CompletableFuture<Void> settled) {
    Throwable cause = Target.unwrap(error);
    Failure failure = cause == null ? null : delivery.failureOf(cause);
    if (failure == null) {
      observer.delivered(delivery, nanos);
    } else if (failure.errorClass().equals(SKIPPED)) {
      observer.skipped(delivery);
    } else if (failure.errorClass().equals(FOUND)) {
      observer.found(delivery);
      complete(settled, recorder.found(delivery));
      return DONE;
    } else {
      observer.failed(delivery, failure);
      return fail(delivery, failure, settled);
    }
    complete(settled, recorder.delivered(delivery));
    return DONE;
  }

  private CompletableFuture<Void> fail(
      Delivery delivery, Failure failure, CompletableFuture<Void> settled) {
    failing.put(place(delivery), true);
    CompletableFuture<Boolean> held =
        delivery.parked()
            ? CompletableFuture.completedFuture(true)
            : recorder.hold(delivery, failure);
    FailedEvent failed = new FailedEvent(delivery.event(), failure, delivery.attempt());
    complete(settled, held.thenCompose(done -> errors.add(List.of(failed))));
    return held.handle((done, error) -> null);
  }

  private static void complete(CompletableFuture<Void> settled, CompletableFuture<?> work) {
    work.whenComplete(
        (result, error) -> {
          if (error == null) {
            settled.complete(null);
          } else {
            settled.completeExceptionally(error);
          }
        });
  }

  private boolean isFailing(Delivery delivery) {
    return !failing.asMap().isEmpty() && failing.getIfPresent(place(delivery)) != null;
  }

  private static String place(Delivery delivery) {
    return delivery.waiting().orderKey();
  }

  private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

  /**
   * Error class of a delivery the system's mapping does not want: nothing is sent, nothing failed.
   */
  static final String SKIPPED = "skipped";

  /** Error class of a delivery whose tenant is disabled: nothing is sent. */
  static final String DISABLED = "disabled";

  /** Error class of a delivery the system has already: nothing is sent, nothing failed. */
  static final String FOUND = "found";
}
