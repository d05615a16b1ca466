package dev.cmmshub.gateway.token;

import dev.cmmshub.gateway.token.TokenRefusedException.Reason;

/** Hears of tokens that were refused. */
@FunctionalInterface
public interface TokenObserver {
  /** Each time; from any thread, and must not block. */
  void refused(Reason reason);
}
