package dev.cmmshub.gateway.token;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import dev.cmmshub.message.Json;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;

/** Makes keys and tokens, right ones and wrong ones. */
public final class Jwts {
  private Jwts() {}

  public static RSAKey rsa(String id) {
    try {
      return new RSAKeyGenerator(2048).keyID(id).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  static ECKey ec(String id) {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  static KeyPair ed25519() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static OctetKeyPair jwk(String id, KeyPair pair) {
    byte[] encoded = pair.getPublic().getEncoded();
    byte[] x = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
    return new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(x)).keyID(id).build();
  }

  /** Claims of a token that holds for five minutes. */
  public static ObjectNode claims(String issuer, String azp) {
    long now = Instant.now().getEpochSecond();
    return Json.mapper()
        .createObjectNode()
        .put("iss", issuer)
        .put("aud", "cmms-hub")
        .put("azp", azp)
        .put("sub", "erp")
        .put("iat", now)
        .put("exp", now + 300);
  }

  public static String signed(JWSAlgorithm algorithm, JWK key, ObjectNode claims) {
    return signed(new JWSHeader.Builder(algorithm).keyID(key.getKeyID()).build(), key, claims);
  }

  static String signed(JWSHeader header, JWK key, ObjectNode claims) {
    try {
      JWSSigner signer =
          key instanceof RSAKey rsa ? new RSASSASigner(rsa) : new ECDSASigner((ECKey) key);
      String head = input(header.toString(), claims);
      return head + '.' + signer.sign(header, head.getBytes(UTF_8));
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Any header, signed as it says by whoever signs. */
  static String signed(String header, ObjectNode claims, Signature signature) {
    try {
      String head = input(header, claims);
      signature.update(head.getBytes(UTF_8));
      return head + '.' + Base64URL.encode(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String input(String header, ObjectNode claims) {
    return Base64URL.encode(header) + "." + Base64URL.encode(Json.write(claims));
  }
}
