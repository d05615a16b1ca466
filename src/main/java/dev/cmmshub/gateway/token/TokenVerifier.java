package dev.cmmshub.gateway.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSVerifier;
import dev.cmmshub.gateway.token.TokenRefusedException.Reason;
import dev.cmmshub.message.Json;
import dev.cmmshub.message.MalformedPayloadException;
import dev.cmmshub.tenant.Tenants;
import dev.cmmshub.tenant.Tenants.Identity;
import dev.cmmshub.tenant.TokenIssuer;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Checks tokens as RFC 8725 (best practices for JWT) says. Nothing in a token leads to an address
 * or a file: its issuer, audience and claims are looked up in tenants.yaml, its key among those
 * that were fetched from the address that stands there.
 */
final class TokenVerifier {
  /** How far the clocks of an issuer and the hub may be apart. */
  private static final Duration SKEW = Duration.ofSeconds(60);

  private static final int LONGEST = 6 << 10;
  private static final int MOST_AUDIENCES = 16;
  private static final Set<String> TYPES =
      Set.of("jwt", "at+jwt", "application/jwt", "application/at+jwt");

  /**
   * A token that is genuine.
   *
   * @param issuer whose keys were used
   * @param keys that were used
   */
  record Verified(Identity identity, IssuerKeys issuer, KeySet keys, Instant from, Instant until) {
    /**
     * @throws TokenRefusedException when it does not hold at this time
     */
    Identity at(Instant now) {
      if (!now.isBefore(until.plus(SKEW))) {
        throw new TokenRefusedException(Reason.EXPIRED);
      }
      if (now.isBefore(from.minus(SKEW))) {
        throw new TokenRefusedException(Reason.EARLY);
      }
      return identity;
    }
  }

  private final SigningKeys keys;

  TokenVerifier(SigningKeys keys) {
    this.keys = keys;
  }

  /**
   * Whom the token speaks for, and when.
   *
   * @throws TokenRefusedException when it is not genuine
   */
  Verified verify(String token, Tenants tenants) {
    if (token.length() > LONGEST) {
      throw new TokenRefusedException(Reason.MALFORMED);
    }
    JWSObject jws;
    JsonNode claims;
    try {
      jws = JWSObject.parse(token);
      claims = Json.read(jws.getPayload().toBytes());
    } catch (ParseException | MalformedPayloadException | IllegalArgumentException e) {
      throw new TokenRefusedException(Reason.MALFORMED);
    }
    requirePlain(jws.getHeader());
    Identity identity = identity(claims, tenants);
    TokenIssuer entry = (TokenIssuer) identity.credential();
    if (!entry.algorithms().contains(jws.getHeader().getAlgorithm().getName())) {
      throw new TokenRefusedException(Reason.ALGORITHM);
    }
    IssuerKeys issuer = keys.of(identity.tenant(), entry);
    KeySet set = issuer.keys();
    if (set == null) {
      throw new TokenRefusedException(Reason.NO_KEYS);
    }
    requireSigned(jws, issuer, set);
    Instant from = time(claims, "nbf", Instant.MIN.plus(SKEW));
    Instant until = time(claims, "exp", null);
    return new Verified(identity, issuer, set, from, until);
  }

  /** One that is no JWT, brings its own key, names one elsewhere or has extensions is refused. */
  private static void requirePlain(JWSHeader header) {
    boolean known =
        header.getType() == null
            || TYPES.contains(header.getType().getType().toLowerCase(Locale.ROOT));
    boolean bringsKey =
        header.getJWK() != null
            || header.getJWKURL() != null
            || header.getX509CertURL() != null
            || header.getX509CertChain() != null;
    if (!known
        || bringsKey
        || header.getCriticalParams() != null
        || !header.isBase64URLEncodePayload()) {
      throw new TokenRefusedException(Reason.HEADER);
    }
  }

  private static Identity identity(JsonNode claims, Tenants tenants) {
    List<Identity> fitting =
        tenants.byToken(
            claims.path("iss").textValue(),
            audiences(claims),
            claim -> claims.path(claim).textValue());
    if (fitting.size() != 1) {
      throw new TokenRefusedException(fitting.isEmpty() ? Reason.ISSUER : Reason.AMBIGUOUS);
    }
    return fitting.get(0);
  }

  private static List<String> audiences(JsonNode claims) {
    JsonNode audience = claims.path("aud");
    if (audience.isTextual()) {
      return List.of(audience.textValue());
    }
    Set<String> all = new java.util.LinkedHashSet<>();
    for (JsonNode one : audience) {
      if (one.isTextual() && all.size() < MOST_AUDIENCES) {
        all.add(one.textValue());
      }
    }
    return new ArrayList<>(all);
  }

  private static void requireSigned(JWSObject jws, IssuerKeys issuer, KeySet set) {
    JWSVerifier verifier =
        set.find(jws.getHeader().getKeyID(), jws.getHeader().getAlgorithm())
            .orElseThrow(
                () -> {
                  issuer.want();
                  return new TokenRefusedException(Reason.UNKNOWN_KEY);
                });
    if (!issuer.mayCheck()) {
      throw new TokenRefusedException(Reason.FLOODED);
    }
    if (!isSigned(jws, verifier)) {
      issuer.forged();
      throw new TokenRefusedException(Reason.SIGNATURE);
    }
  }

  private static boolean isSigned(JWSObject jws, JWSVerifier verifier) {
    try {
      return jws.verify(verifier);
    } catch (JOSEException e) {
      return false;
    }
  }

  /**
   * Seconds since 1970 (NumericDate).
   *
   * @param otherwise when there is none; null when there has to be one
   */
  private static Instant time(JsonNode claims, String name, Instant otherwise) {
    JsonNode time = claims.path(name);
    if (time.isMissingNode() && otherwise != null) {
      return otherwise;
    }
    // Up to the year 9999, so that nothing overflows.
    if (!time.isNumber() || time.doubleValue() < 0 || time.doubleValue() > 253_402_300_799.0) {
      throw new TokenRefusedException(name.equals("exp") ? Reason.ENDLESS : Reason.MALFORMED);
    }
    return Instant.ofEpochSecond(time.longValue());
  }
}
