package dev.cmmshub.gateway;

import io.vertx.core.http.HttpServerRequest;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * The certificate that the client of a connection has shown, and whose authority was checked with
 * the handshake. Its hash is kept with the TLS session, since it is asked for with every request.
 */
final class ClientCertificate {
  /** The variable that holds its hash; no header, path or query can set it. */
  static final String VARIABLE = "clientCertificate";

  private static final String SHOWN = ClientCertificate.class.getName();

  /**
   * @param sha256 of the DER form, in hex
   */
  private record Shown(X509Certificate certificate, String sha256) {}

  private ClientCertificate() {}

  /** The hex SHA-256 of its DER form; empty without TLS, without one, and when it is over. */
  static Optional<String> of(HttpServerRequest request) {
    SSLSession session = request.sslSession();
    if (session == null) {
      return Optional.empty();
    }
    if (!(session.getValue(SHOWN) instanceof Optional<?>)) {
      session.putValue(SHOWN, shown(session));
    }
    return ((Optional<?>) session.getValue(SHOWN))
        .map(Shown.class::cast)
        .filter(ClientCertificate::isInTime)
        .map(Shown::sha256);
  }

  private static Optional<Shown> shown(SSLSession session) {
    try {
      Certificate[] chain = session.getPeerCertificates();
      if (chain.length == 0 || !(chain[0] instanceof X509Certificate certificate)) {
        return Optional.empty();
      }
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
      return Optional.of(new Shown(certificate, HexFormat.of().formatHex(hash)));
    } catch (SSLPeerUnverifiedException e) {
      return Optional.empty();
    } catch (CertificateException | NoSuchAlgorithmException e) {
      throw new IllegalStateException("a certificate that was checked can be read", e);
    }
  }

  /** The handshake has looked, but a connection may last longer than its certificate. */
  private static boolean isInTime(Shown shown) {
    try {
      shown.certificate().checkValidity();
      return true;
    } catch (CertificateException e) {
      return false;
    }
  }
}
