package dev.cmmshub.transform;

import dev.cmmshub.message.Failure;

/** Why one event has no canonical form; has no stack trace, since the failure says it all. */
public final class UntranslatableException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient Failure failure;

  public UntranslatableException(Failure failure) {
    super(failure.reason(), null, false, false);
    this.failure = failure;
  }

  public Failure failure() {
    return failure;
  }
}
