package dev.cmmshub.notifier;

import dev.cmmshub.message.Failure;

/** A delivery that was not taken; has no stack trace, since the failure says it all. */
public final class DeliveryException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient Failure failure;

  public DeliveryException(Failure failure) {
    super(failure.reason(), null, false, false);
    this.failure = failure;
  }

  public Failure failure() {
    return failure;
  }
}
