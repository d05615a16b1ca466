package dev.cmmshub.gateway.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import dev.cmmshub.message.Json;
import dev.cmmshub.message.MalformedPayloadException;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An issuer's public keys (JWKS, RFC 7517), never changing. Keys that sign nothing for the hub are
 * left out: those for encryption, symmetric ones, RSA below 2048 bits, kinds it does not know.
 */
final class KeySet {
  private static final int MOST = 100;
  private static final int LEAST_RSA_BITS = 2048;

  /** A key and what checks with it; safe for several threads. */
  private record SigningKey(JWK key, JWSVerifier verifier) {
    boolean fits(JWSAlgorithm algorithm) {
      return (key.getAlgorithm() == null || key.getAlgorithm().equals(algorithm))
          && verifier.supportedJWSAlgorithms().contains(algorithm);
    }
  }

  private final JsonNode document;
  private final List<SigningKey> keys = new ArrayList<>();

  /**
   * @throws IllegalArgumentException when it holds no key that could be used
   */
  KeySet(byte[] jwks) {
    try {
      document = Json.read(jwks);
    } catch (MalformedPayloadException e) {
      throw new IllegalArgumentException("its keys are " + e.getMessage(), e);
    }
    for (JsonNode key : document.path("keys")) {
      if (keys.size() < MOST) {
        usable(key).ifPresent(keys::add);
      }
    }
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("there is no key for signatures among its keys");
    }
  }

  private static Optional<SigningKey> usable(JsonNode text) {
    try {
      JWK key = JWK.parse(text.toString());
      boolean signs =
          (key.getKeyUse() == null || key.getKeyUse().equals(KeyUse.SIGNATURE))
              && (key.getKeyOperations() == null
                  || key.getKeyOperations().contains(KeyOperation.VERIFY));
      return signs
          ? verifier(key).map(verifier -> new SigningKey(key, verifier))
          : Optional.empty();
    } catch (ParseException | JOSEException | IllegalArgumentException e) {
      // RFC 7517, 5: what is not understood is left out, whatever else the set holds.
      return Optional.empty();
    }
  }

  private static Optional<JWSVerifier> verifier(JWK key) throws JOSEException {
    if (key instanceof RSAKey rsa && rsa.size() >= LEAST_RSA_BITS) {
      return Optional.of(new RSASSAVerifier(rsa.toRSAPublicKey()));
    }
    if (key instanceof ECKey ec) {
      return Optional.of(new ECDSAVerifier(ec));
    }
    return key instanceof OctetKeyPair pair
        ? Optional.of(new Ed25519Verifier(pair))
        : Optional.empty();
  }

  /**
   * What checks a signature.
   *
   * @param id of the key, compared with those of the set and used for nothing else; null when the
   *     token names none, which is enough if only one key fits
   */
  Optional<JWSVerifier> find(String id, JWSAlgorithm algorithm) {
    List<SigningKey> fitting =
        keys.stream()
            .filter(key -> id == null || id.equals(key.key().getKeyID()))
            .filter(key -> key.fits(algorithm))
            .toList();
    return fitting.size() == 1 ? Optional.of(fitting.get(0).verifier()) : Optional.empty();
  }

  /** Whether it is the same document. */
  boolean isSame(KeySet other) {
    return other != null && document.equals(other.document);
  }
}
