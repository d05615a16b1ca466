package dev.cmmshub.gateway.tls;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509KeyManager;

/**
 * What the files of a port said when they were read, whole and fitting together.
 *
 * @param alias another one for another certificate
 * @param chain the certificate, and those of its intermediate authorities
 * @param key of the certificate
 * @param clients decides which client certificates count; empty when none are asked for
 */
record TlsMaterial(
    String alias,
    List<X509Certificate> chain,
    PrivateKey key,
    Optional<X509ExtendedTrustManager> clients) {
  private static final List<String> KEY_TYPES = List.of("RSA", "EC");

  /**
   * @throws IllegalArgumentException naming the file that cannot be used, and why
   */
  static TlsMaterial read(TlsFiles files, Vertx vertx) {
    PemKeyCertOptions pair =
        new PemKeyCertOptions()
            .setCertValue(content(files.certificate()))
            .setKeyValue(content(files.key()));
    Optional<X509ExtendedTrustManager> clients =
        files.authorities().map(file -> authorities(file, vertx));
    try {
      X509KeyManager keys = (X509KeyManager) pair.getKeyManagerFactory(vertx).getKeyManagers()[0];
      String alias = alias(keys);
      List<X509Certificate> chain = List.of(keys.getCertificateChain(alias));
      PrivateKey key = keys.getPrivateKey(alias);
      if (isPair(key, chain.get(0))) {
        return new TlsMaterial(UUID.randomUUID().toString(), chain, key, clients);
      }
    } catch (Exception e) {
      // What is wrong with a PEM file is told by exceptions of many kinds.
      throw new IllegalArgumentException(
          files.certificate()
              + " and "
              + files.key()
              + " cannot be used ("
              + e.getMessage()
              + "): expected PEM, the certificate followed by its intermediates, and its RSA or EC"
              + " key without a password",
          e);
    }
    throw new IllegalArgumentException(
        files.key() + " is not the key of the certificate in " + files.certificate());
  }

  /** When the certificate is over. */
  Instant expires() {
    return chain.get(0).getNotAfter().toInstant();
  }

  private static Buffer content(Path file) {
    try {
      return Buffer.buffer(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new IllegalArgumentException(
          file + " cannot be read (" + e.getClass().getSimpleName() + "): expected a PEM file", e);
    }
  }

  private static String alias(X509KeyManager keys) {
    return KEY_TYPES.stream()
        .map(type -> keys.getServerAliases(type, null))
        .filter(aliases -> aliases != null && aliases.length > 0)
        .map(aliases -> aliases[0])
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there is no RSA or EC certificate"));
  }

  /** A certificate that was renewed before its key would let every handshake fail. */
  private static boolean isPair(PrivateKey key, X509Certificate certificate)
      throws GeneralSecurityException {
    if (!key.getAlgorithm().equals(certificate.getPublicKey().getAlgorithm())) {
      return false;
    }
    Signature signature = Signature.getInstance("SHA256with" + algorithm(key));
    signature.initSign(key);
    signature.update(certificate.getEncoded());
    byte[] signed = signature.sign();
    signature.initVerify(certificate.getPublicKey());
    signature.update(certificate.getEncoded());
    return signature.verify(signed);
  }

  private static String algorithm(PrivateKey key) {
    return key.getAlgorithm().equals("EC") ? "ECDSA" : key.getAlgorithm();
  }

  private static X509ExtendedTrustManager authorities(Path file, Vertx vertx) {
    PemTrustOptions authorities = new PemTrustOptions().addCertValue(content(file));
    try {
      if (authorities.loadKeyStore(vertx).size() > 0) {
        return (X509ExtendedTrustManager)
            authorities.getTrustManagerFactory(vertx).getTrustManagers()[0];
      }
    } catch (Exception e) {
      throw new IllegalArgumentException(
          file + " cannot be used (" + e.getMessage() + "): expected certificates in PEM", e);
    }
    throw new IllegalArgumentException(file + " holds no certificate: expected some in PEM");
  }
}
