package dev.cmmshub.notifier;

import dev.cmmshub.message.Failure;
import dev.cmmshub.store.GoneSubscriptions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * Takes 410 Gone for what it says: the subscription is marked in its shard before the delivery
 * fails, and no other is sent to that address until an operator enables it or it is changed.
 */
public final class GoneReceivers implements Sender {
  /** Error class of a delivery whose receiver is gone. */
  static final String GONE = "gone";

  private static final int STATUS = 410;

  private final Sender webhooks;
  private final GoneSubscriptions gone;

  public GoneReceivers(Sender webhooks, GoneSubscriptions gone) {
    this.webhooks = webhooks;
    this.gone = gone;
  }

  @Override
  public CompletionStage<Void> send(Delivery delivery) {
    if (gone.isGone(delivery.tenant().id(), delivery.subscription())) {
      return CompletableFuture.failedFuture(failure(delivery, 0));
    }
    return webhooks.send(delivery).exceptionallyCompose(error -> failed(delivery, error));
  }

  private CompletionStage<Void> failed(Delivery delivery, Throwable error) {
    boolean said =
        Target.unwrap(error) instanceof DeliveryException known
            && known.failure().status() == STATUS;
    if (!said) {
      return CompletableFuture.failedFuture(error);
    }
    return gone.mark(delivery.tenant(), delivery.subscription())
        .thenAccept(
            marked -> {
              throw new CompletionException(failure(delivery, STATUS));
            });
  }

  private static DeliveryException failure(Delivery delivery, int status) {
    return new DeliveryException(
        new Failure(
            "deliver",
            GONE,
            "the receiver answered 410, nothing is sent there any more: change its address in"
                + " tenants.yaml or remove the subscription, or enable it with"
                + " ./hub subscription enable "
                + delivery.tenant().id()
                + ' '
                + delivery.subscription().id(),
            status,
            null,
            delivery.subscription().id()));
  }
}
