package dev.cmmshub.notifier;

import java.util.concurrent.CompletionStage;

/** Brings one delivery to its observer without blocking the caller. */
@FunctionalInterface
public interface Sender {
  /**
   * Completes with null; completes exceptionally with a {@link DeliveryException} saying why not.
   */
  CompletionStage<Void> send(Delivery delivery);
}
