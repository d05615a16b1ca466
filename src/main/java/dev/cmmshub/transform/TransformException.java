package dev.cmmshub.transform;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * A mapping or function that cannot do what it was asked; the message says where and why, and holds
 * at most 40 characters of a value.
 */
public final class TransformException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int SHOWN = 40;

  private final String function;
  private final int argument;
  private final String expected;

  public TransformException(String message) {
    this(message, null);
  }

  public TransformException(String message, Throwable cause) {
    super(message, cause);
    this.function = null;
    this.argument = -1;
    this.expected = null;
  }

  /** An argument, counted from 0, that is not what the function takes. */
  public TransformException(String function, int argument, String value, String expected) {
    super(
        function
            + ": argument "
            + (argument + 1)
            + " is "
            + shown(value)
            + ", expected "
            + expected);
    this.function = function;
    this.argument = argument;
    this.expected = expected;
  }

  private TransformException(TransformException cause, String place) {
    super(place + ": " + cause.getMessage(), cause);
    this.function = cause.function;
    this.argument = cause.argument;
    this.expected = cause.expected;
  }

  /** The same failure with the place where it happened in front of its message. */
  TransformException in(String place) {
    return new TransformException(this, place);
  }

  /** As much of a value as an error may show. */
  static String shown(String value) {
    return value.length() > SHOWN ? value.substring(0, SHOWN - 1) + "…" : value;
  }

  /** The function that refused its arguments; empty for a failure of the mapping itself. */
  public Optional<String> function() {
    return Optional.ofNullable(function);
  }

  /** The argument that was refused, counted from 0. */
  public OptionalInt argument() {
    return argument < 0 ? OptionalInt.empty() : OptionalInt.of(argument);
  }

  /** What the function takes there. */
  public Optional<String> expected() {
    return Optional.ofNullable(expected);
  }
}
