package dev.cmmshub.egress;

/**
 * The address must not be called; nothing was connected. The message names the address and the
 * setting that would allow it. Not an {@code IOException}: the receiver is not to blame, so neither
 * circuit breakers nor redelivery take it for an outage.
 */
public final class EgressRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  EgressRefusedException(String message) {
    super(message);
  }
}
