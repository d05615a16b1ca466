package dev.cmmshub.gateway;

import dev.cmmshub.gateway.token.TokenRefusedException.Reason;
import dev.cmmshub.message.ProblemException;

/** What callers are told of a token that was refused. */
final class TokenProblems {
  private static final int RETRY_AFTER_SECONDS = 2;

  private TokenProblems() {}

  /** Of one that is not genuine nobody learns what is wrong with it; metrics tell the operator. */
  static ProblemException of(Reason reason) {
    return switch (reason) {
      case NO_KEYS ->
          new ProblemException(
              503,
              "token-keys-unavailable",
              "the keys that prove the token are not here yet: send the same again after "
                  + RETRY_AFTER_SECONDS
                  + " s",
              RETRY_AFTER_SECONDS);
      case FLOODED ->
          new ProblemException(
              503,
              "token-checks-busy",
              "too many forged tokens of this issuer came lately to check another: send the same"
                  + " again after 1 s",
              1);
      case EXPIRED ->
          new ProblemException(
              401, "token-expired", "the token has expired: get a new one from its issuer");
      case EARLY ->
          new ProblemException(
              401,
              "token-not-yet-valid",
              "the token does not hold yet: its issuer's clock is ahead, or it is for later");
      default ->
          new ProblemException(
              401,
              "unauthorized",
              "the token is not accepted here: get a new one from your identity provider; if that"
                  + " is refused too, ask the hub's administrator whether its issuer, audience,"
                  + " claims, signature and end are those agreed on");
    };
  }
}
