package dev.cmmshub.gateway;

import java.util.Optional;
import org.apache.camel.Exchange;

/**
 * What a request shows to say whom it speaks for.
 *
 * @param secret a key, or a token
 * @param isBearer whether it may be a token: only {@code Authorization: Bearer} carries these
 * @param certificate hex SHA-256 of the client certificate, of a connection that was checked
 */
record Presented(Optional<String> secret, boolean isBearer, Optional<String> certificate) {
  private static final String BEARER = "bearer ";

  /** Of the variables that {@link Ingress} keeps, and the connection. */
  static Presented of(Exchange exchange) {
    Optional<String> certificate =
        Optional.ofNullable(exchange.getVariable(ClientCertificate.VARIABLE, String.class));
    String authorization = exchange.getVariable("authorization", String.class);
    if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return new Presented(
          Optional.of(authorization.substring(BEARER.length()).trim()), true, certificate);
    }
    return new Presented(
        Optional.ofNullable(exchange.getVariable("apiKey", String.class)), false, certificate);
  }

  /** The same with a key that the body brings, if it brings one. */
  Presented with(Optional<String> key) {
    return key.isPresent() ? new Presented(key, false, certificate) : this;
  }
}
