package dev.cmmshub.gateway.token;

import java.util.Locale;

/** A token that speaks for nobody, at least not now. */
public final class TokenRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why; for metrics. Callers are told only what they can know already. */
  public enum Reason {
    /** Longer than 6 kB, or no JWT. */
    MALFORMED,
    /** Its header brings or names a key, is of another type, or has to be understood. */
    HEADER,
    /** Nobody in tenants.yaml has its issuer, audience and claims. */
    ISSUER,
    /** By its audiences it fits several. */
    AMBIGUOUS,
    /** Signed in a way that its issuer's entry does not name, {@code none} among them. */
    ALGORITHM,
    /** Its issuer's keys have not been fetched yet: it can be sent again. */
    NO_KEYS,
    /** Too many forged ones came lately to check another: it can be sent again. */
    FLOODED,
    /** Its issuer has no such key. */
    UNKNOWN_KEY,
    SIGNATURE,
    /** Genuine, and without an end. */
    ENDLESS,
    /** Genuine, and over. */
    EXPIRED,
    /** Genuine, and not valid yet. */
    EARLY;

    /** As metrics name it. */
    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private final Reason reason;

  TokenRefusedException(Reason reason) {
    super(reason.text(), null, false, false);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
