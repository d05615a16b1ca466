package dev.cmmshub.connector.budget;

import java.time.Duration;

/** A receiver is not to be called now; nothing was sent. */
public final class HeldBackException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Duration left;

  HeldBackException(String reason, Duration left) {
    super(reason, null, false, false);
    this.left = left;
  }

  /** How long it is not to be called. */
  public Duration left() {
    return left;
  }
}
