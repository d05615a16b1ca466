package dev.cmmshub.transform;

/** A mapping or function that cannot do what it was asked; the message says where and why. */
public final class TransformException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public TransformException(String message) {
    super(message);
  }

  public TransformException(String message, Throwable cause) {
    super(message, cause);
  }
}
