package dev.cmmshub.store.event;

/** What was asked for would take too long to sort; its message says what to add. */
public final class TooManyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TooManyException(String message) {
    super(message, null, false, false);
  }
}
