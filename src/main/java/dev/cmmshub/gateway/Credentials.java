package dev.cmmshub.gateway;

import dev.cmmshub.message.Moments;
import dev.cmmshub.tenant.ApiKey;
import dev.cmmshub.tenant.KeyHash;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.Tenants;
import dev.cmmshub.tenant.Tenants.Identity;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.camel.Exchange;

/** Finds out whom a request speaks for: by its key alone, never by anything else in the request. */
public final class Credentials {
  /** The variable that holds the {@link Identity} afterwards. */
  static final String IDENTITY = "identity";

  private static final String BEARER = "bearer ";

  private final Supplier<Tenants> tenants;
  private final Clock clock;

  public Credentials(Supplier<Tenants> tenants, Clock clock) {
    this.tenants = tenants;
    this.clock = clock;
  }

  /**
   * Lets requests through whose key may publish.
   *
   * @throws ProblemException 401 without a valid key, 403 when it may not
   */
  public void requirePublish(Exchange exchange) {
    exchange.setVariable(IDENTITY, authenticate(key(exchange), "publish"));
  }

  /** The same for reading. */
  public void requireRead(Exchange exchange) {
    exchange.setVariable(IDENTITY, authenticate(key(exchange), "read"));
  }

  /** The identity of a key that has the right. */
  public Identity authenticate(Optional<String> key, String right) {
    Identity identity =
        key.map(KeyHash::of)
            .flatMap(hash -> tenants.get().byKeyHash(hash))
            .orElseThrow(
                () ->
                    new ProblemException(
                        401,
                        "unauthorized",
                        key.isEmpty()
                            ? "no key: send it as 'Authorization: Bearer <key>' or 'X-API-Key: <key>'"
                            : "the key is not known here: check it, or ask the hub's administrator"));
    requireInTime(identity.key());
    if (!identity.tenant().enabled()) {
      throw disabled(identity.tenant());
    }
    if (!identity.key().can().contains(right)) {
      throw new ProblemException(
          403,
          "forbidden",
          "key '"
              + identity.key().id()
              + "' may not "
              + right
              + ": it can "
              + identity.key().can());
    }
    return identity;
  }

  static ProblemException disabled(Tenant tenant) {
    return new ProblemException(
        403,
        "tenant-disabled",
        "tenant '" + tenant.id() + "' is disabled: ask the hub's administrator");
  }

  /** Told only to who has the key: of a wrong one nobody learns whether it ever was right. */
  private void requireInTime(ApiKey key) {
    if (key.isExpired(clock.instant())) {
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

  static Optional<String> key(Exchange exchange) {
    String authorization = exchange.getVariable("authorization", String.class);
    if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return Optional.of(authorization.substring(BEARER.length()).trim());
    }
    return Optional.ofNullable(exchange.getVariable("apiKey", String.class));
  }

  static Identity identity(Exchange exchange) {
    return exchange.getVariable(IDENTITY, Identity.class);
  }
}
