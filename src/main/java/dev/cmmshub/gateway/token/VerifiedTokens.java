package dev.cmmshub.gateway.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.cmmshub.gateway.token.TokenVerifier.Verified;
import dev.cmmshub.tenant.Tenants;
import dev.cmmshub.tenant.Tenants.Identity;
import java.time.Clock;

/**
 * Checks each token once for as long as it holds: signatures cost more than all else of a request.
 * Of a token that was checked only the hash is kept. It is checked again when tenants.yaml or its
 * issuer's keys are others than then.
 */
public final class VerifiedTokens implements Tokens {
  private static final int MOST = 10_000;

  private record Known(Tenants tenants, Verified token) {
    boolean isStill(Tenants now) {
      return tenants == now && token.issuer().keys() == token.keys();
    }
  }

  private final TokenVerifier verifier;
  private final TokenObserver observer;
  private final Clock clock;
  private final Cache<String, Known> known = Caffeine.newBuilder().maximumSize(MOST).build();

  public VerifiedTokens(SigningKeys keys, TokenObserver observer, Clock clock) {
    this.verifier = new TokenVerifier(keys);
    this.observer = observer;
    this.clock = clock;
  }

  @Override
  public Identity identity(String token, String sha256, Tenants tenants) {
    try {
      Known before = known.getIfPresent(sha256);
      if (before != null && before.isStill(tenants)) {
        return before.token().at(clock.instant());
      }
      Verified verified = verifier.verify(token, tenants);
      Identity identity = verified.at(clock.instant());
      known.put(sha256, new Known(tenants, verified));
      return identity;
    } catch (TokenRefusedException e) {
      known.invalidate(sha256);
      observer.refused(e.reason());
      throw e;
    }
  }
}
