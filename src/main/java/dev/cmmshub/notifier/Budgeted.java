package dev.cmmshub.notifier;

import dev.cmmshub.connector.budget.Budgets;
import dev.cmmshub.connector.budget.HeldBackException;
import dev.cmmshub.message.Failure;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.TenantSystem;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * A sender that keeps to the budgets of receivers. A delivery is one call, though a sink may make
 * several requests for it. A receiver that asks for a pause gets it from all tenants.
 */
public final class Budgeted implements Sender {
  /** Error class of a delivery whose receiver is not to be called now: nothing is sent. */
  static final String BUDGET = "budget";

  private final Sender sender;
  private final Budgets budgets;
  private final Function<String, Optional<Tenant>> tenants;

  public Budgeted(Sender sender, Budgets budgets, Function<String, Optional<Tenant>> tenants) {
    this.sender = sender;
    this.budgets = budgets;
    this.tenants = tenants;
  }

  @Override
  public CompletionStage<Void> send(Delivery delivery) {
    String address = address(delivery);
    return budgets
        .call(delivery.tenant().id(), address, () -> sendNow(delivery))
        .exceptionallyCompose(error -> failed(delivery, address, Target.unwrap(error)));
  }

  /** It may have waited while the tenant was switched. */
  private CompletionStage<Void> sendNow(Delivery delivery) {
    return tenants.apply(delivery.tenant().id()).filter(Tenant::enabled).isPresent()
        ? sender.send(delivery)
        : Notifier.refused(delivery);
  }

  private static String address(Delivery delivery) {
    String to = delivery.subscription().to();
    return delivery.subscription().isWebhook()
        ? to
        : delivery.tenant().system(to).flatMap(TenantSystem::address).orElse("");
  }

  private CompletionStage<Void> failed(Delivery delivery, String address, Throwable error) {
    Throwable told = error;
    if (error instanceof HeldBackException held) {
      told =
          new DeliveryException(
              new Failure(
                  "deliver",
                  BUDGET,
                  held.getMessage(),
                  0,
                  held.left(),
                  delivery.subscription().id()));
    } else if (error instanceof DeliveryException answer
        && answer.failure().status() >= 400
        && answer.failure().retryAfter() != null) {
      budgets.rest(address, answer.failure().retryAfter());
    }
    return CompletableFuture.failedFuture(told);
  }
}
