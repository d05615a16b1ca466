package dev.cmmshub.gateway.hook;

/** What a look at the signature of a request gave. */
public enum Finding {
  /** One of the secrets made it, within the time allowed. */
  RIGHT,
  /** A header that the scheme wants is not there. */
  MISSING,
  /** It is too old, from too far in the future, or tells no time. */
  OUTDATED,
  /** None of the secrets made it for this body. */
  WRONG
}
