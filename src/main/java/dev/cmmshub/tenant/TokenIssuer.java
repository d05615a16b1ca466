package dev.cmmshub.tenant;

import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Whose signed tokens (JWT, RFC 7519) speak for a tenant.
 *
 * @param id names it in logs and metrics, as a key's id does
 * @param issuer what {@code iss} has to be, character by character
 * @param audience what {@code aud} has to be or to contain
 * @param algorithms the signatures that count (RFC 7518, RFC 8037); asymmetric ones only
 * @param jwks where the issuer's keys are; empty: where its OpenID configuration says
 * @param claims what else a token has to say, by the claim's name
 * @param can any of {@link ApiKey#RIGHTS}
 * @param limits what all its tokens together may use of what the tenant may; empty: all of it
 */
public record TokenIssuer(
    String id,
    String issuer,
    String audience,
    Set<String> algorithms,
    Optional<URI> jwks,
    Map<String, String> claims,
    Set<String> can,
    Optional<Limits> limits)
    implements Credential {
  private static final Pattern ADDRESS =
      Pattern.compile(
          "(https://[A-Za-z0-9]|http://(localhost|127\\.0\\.0\\.1|\\[::1\\])(:[0-9]{1,5})?(/|$))"
              + "[^\\s?#@\\\\]*");

  public TokenIssuer {
    algorithms = Set.copyOf(algorithms);
    claims = Map.copyOf(claims);
    can = Set.copyOf(can);
    if (algorithms.isEmpty() || !algorithms.stream().allMatch(TokenIssuer::isAsymmetric)) {
      throw new IllegalArgumentException(
          "token '" + id + "': algorithms: expected RS, PS, ES or EdDSA, found " + algorithms);
    }
    if (can.isEmpty() || !ApiKey.RIGHTS.containsAll(can)) {
      throw new IllegalArgumentException(
          "token '" + id + "': can: expected any of " + ApiKey.RIGHTS);
    }
  }

  /**
   * An address that keys may be fetched from: whoever could change the answer on its way would be
   * every user of the issuer.
   *
   * @throws IllegalArgumentException when it is not https, or http on this machine
   */
  public static URI address(String text) {
    if (!ADDRESS.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "'" + text + "': expected an https address without user, query and fragment");
    }
    return URI.create(text);
  }

  private static boolean isAsymmetric(String algorithm) {
    return algorithm.matches("(RS|PS|ES)(256|384|512)|EdDSA");
  }

  /** The tokens end by themselves; whose they are does not. */
  @Override
  public Optional<Instant> expires() {
    return Optional.empty();
  }

  /** In the order of their names. */
  Map<String, String> sortedClaims() {
    return new TreeMap<>(claims);
  }
}
