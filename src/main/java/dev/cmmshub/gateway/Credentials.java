package dev.cmmshub.gateway;

import dev.cmmshub.gateway.token.TokenRefusedException;
import dev.cmmshub.gateway.token.Tokens;
import dev.cmmshub.message.Moments;
import dev.cmmshub.message.ProblemException;
import dev.cmmshub.tenant.ApiKey;
import dev.cmmshub.tenant.Credential;
import dev.cmmshub.tenant.KeyHash;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.Tenants;
import dev.cmmshub.tenant.Tenants.Identity;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.camel.Exchange;

/**
 * Finds out whom a request speaks for: by its key, token or client certificate alone, never by
 * anything else in the request.
 */
public final class Credentials {
  /** The variable that holds the {@link Identity} afterwards. */
  static final String IDENTITY = "identity";

  private final Supplier<Tenants> tenants;
  private final Tokens tokens;
  private final Clock clock;

  public Credentials(Supplier<Tenants> tenants, Tokens tokens, Clock clock) {
    this.tenants = tenants;
    this.tokens = tokens;
    this.clock = clock;
  }

  /**
   * Lets requests through whose credential may publish.
   *
   * @throws ProblemException 401 without a valid credential, 403 when it may not
   */
  public void requirePublish(Exchange exchange) {
    exchange.setVariable(IDENTITY, authenticate(Presented.of(exchange), "publish"));
  }

  /** The same for reading. */
  public void requireRead(Exchange exchange) {
    exchange.setVariable(IDENTITY, authenticate(Presented.of(exchange), "read"));
  }

  /** The same for bulk loads. */
  public void requireBulk(Exchange exchange) {
    exchange.setVariable(IDENTITY, authenticate(Presented.of(exchange), "bulk"));
  }

  /** The identity of what is presented, if it has the right. */
  Identity authenticate(Presented presented, String right) {
    Identity identity = identity(presented, tenants.get());
    requireInTime(identity.credential());
    if (!identity.tenant().enabled()) {
      throw disabled(identity.tenant());
    }
    if (!identity.credential().can().contains(right)) {
      throw new ProblemException(
          403,
          "forbidden",
          (identity.credential() instanceof ApiKey ? "key '" : "token '")
              + identity.credential().id()
              + "' may not "
              + right
              + ": it can "
              + identity.credential().can());
    }
    return identity;
  }

  static ProblemException disabled(Tenant tenant) {
    return new ProblemException(
        403,
        "tenant-disabled",
        "tenant '" + tenant.id() + "' is disabled: ask the hub's administrator");
  }

  /** A certificate that no tenant has as a key proves the connection and speaks for nobody. */
  private Identity identity(Presented presented, Tenants now) {
    Optional<Identity> certified = presented.certificate().flatMap(now::byCertificate);
    if (presented.secret().isEmpty()) {
      return certified.orElseThrow(
          () ->
              unauthorized(
                  "no key: send it as 'Authorization: Bearer <key>' or 'X-API-Key: <key>'"));
    }
    Identity told = identity(presented.secret().get(), presented.isBearer(), now);
    if (certified.isPresent() && !certified.get().tenant().id().equals(told.tenant().id())) {
      throw unauthorized(
          "the key and the client certificate are not of one tenant: send the key alone over a"
              + " connection without the certificate, or the other way round");
    }
    return told;
  }

  private Identity identity(String secret, boolean bearer, Tenants now) {
    String sha256 = KeyHash.of(secret);
    Optional<Identity> key = now.byKeyHash(sha256);
    if (key.isEmpty() && bearer && Tokens.isLike(secret)) {
      try {
        return tokens.identity(secret, sha256, now);
      } catch (TokenRefusedException e) {
        throw TokenProblems.of(e.reason());
      }
    }
    return key.orElseThrow(
        () -> unauthorized("the key is not known here: check it, or ask the hub's administrator"));
  }

  private static ProblemException unauthorized(String detail) {
    return new ProblemException(401, "unauthorized", detail);
  }

  /** Told only to who has the key: of a wrong one nobody learns whether it ever was right. */
  private void requireInTime(Credential credential) {
    if (credential instanceof ApiKey key && key.isExpired(clock.instant())) {
      Instant end = key.expires().orElseThrow();
      throw new ProblemException(
          401,
          "key-expired",
          "key '"
              + key.id()
              + "' expired at "
              + Moments.text(end)
              + ": use the one that follows it, or ask the hub's administrator for one");
    }
  }

  static Identity identity(Exchange exchange) {
    return exchange.getVariable(IDENTITY, Identity.class);
  }
}
