package dev.cmmshub.tenant;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * A key, of which only the hash is known, or a client certificate.
 *
 * @param id names the key in logs and audits
 * @param isCertificate whether it is a certificate, which is shown by TLS and never sent as text
 * @param sha256 lower-case hex of the SHA-256 of the key, or of the certificate's DER form
 * @param can any of {@code publish}, {@code read} and {@code bulk}
 * @param expires from then on it is worth nothing; without one it holds until it is removed
 * @param limits what it may use of what its tenant may; empty: all of it
 */
public record ApiKey(
    String id,
    boolean isCertificate,
    String sha256,
    Set<String> can,
    Optional<Instant> expires,
    Optional<Limits> limits)
    implements Credential {
  /** Every right a key can have. */
  public static final Set<String> RIGHTS = Set.of("publish", "read", "bulk");

  /** The rights of a key that names none. */
  public static final Set<String> USUAL = Set.of("publish", "read");

  public ApiKey {
    if (sha256 == null || !sha256.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException(
          "key '" + id + "': sha256: expected 64 hexadecimal digits in lower case");
    }
    if (can.isEmpty() || !RIGHTS.containsAll(can)) {
      throw new IllegalArgumentException("key '" + id + "': can: expected any of " + RIGHTS);
    }
    can = Set.copyOf(can);
  }

  /** A key, no certificate. */
  public ApiKey(
      String id,
      String sha256,
      Set<String> can,
      Optional<Instant> expires,
      Optional<Limits> limits) {
    this(id, false, sha256, can, expires, limits);
  }

  /** One that does not expire and has no limits of its own. */
  public ApiKey(String id, String sha256, Set<String> can) {
    this(id, sha256, can, Optional.empty(), Optional.empty());
  }

  public boolean isExpired(Instant now) {
    return expires.filter(end -> !now.isBefore(end)).isPresent();
  }
}
