package dev.cmmshub.gateway.tls;

import dev.cmmshub.gateway.tls.TlsFiles.Clients;
import dev.cmmshub.yaml.FileWatch;
import dev.cmmshub.yaml.Watched;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * TLS of one port, or none. New connections use what the files say now; while they are broken, or
 * do not fit together, what they said before.
 */
public final class PortTls implements AutoCloseable {
  private static final Set<String> PROTOCOLS = Set.of("TLSv1.3", "TLSv1.2");

  /** Those with forward secrecy that also protect what they encrypt (AEAD). */
  private static final List<String> CIPHERS =
      List.of(
          "TLS_AES_256_GCM_SHA384",
          "TLS_AES_128_GCM_SHA256",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");

  private static final int HANDSHAKE_SECONDS = 10;
  private static final Map<Clients, ClientAuth> CLIENTS =
      Map.of(
          Clients.NONE, ClientAuth.NONE,
          Clients.OFFERED, ClientAuth.REQUEST,
          Clients.REQUIRED, ClientAuth.REQUIRED);

  private final Optional<TlsFiles> files;
  private final Optional<FileWatch<TlsMaterial>> watch;

  /**
   * Reads the files and watches them from now on.
   *
   * @param files empty for a port without TLS
   * @throws IllegalArgumentException naming the file that cannot be used
   */
  public PortTls(Vertx vertx, Optional<TlsFiles> files) {
    this.files = files;
    this.watch =
        files.map(
            all ->
                new FileWatch<>(
                    all.certificate(),
                    same -> TlsMaterial.read(all, vertx),
                    same -> all.besideCertificate()));
  }

  /** Adds TLS to what a server is made with. */
  public HttpServerOptions on(HttpServerOptions options) {
    if (watch.isEmpty()) {
      return options;
    }
    FileWatch<TlsMaterial> material = watch.get();
    Clients clients = files.orElseThrow().clients();
    CIPHERS.forEach(options::addEnabledCipherSuite);
    if (clients != Clients.NONE) {
      options.setTrustOptions(
          TrustOptions.wrap(new PortAuthorities(() -> material.get().clients().orElseThrow())));
    }
    return options
        .setSsl(true)
        .setKeyCertOptions(KeyCertOptions.wrap(new PortKeys(material)))
        .setEnabledSecureTransportProtocols(PROTOCOLS)
        .setClientAuth(CLIENTS.get(clients))
        .setSslHandshakeTimeout(HANDSHAKE_SECONDS)
        .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS);
  }

  /** Whether the files as they are now are in use; true without TLS. */
  public boolean isValid() {
    return watch.map(Watched::isValid).orElse(true);
  }

  /** When the certificate in use is over; empty without TLS. */
  public Optional<Instant> expires() {
    return watch.map(material -> material.get().expires());
  }

  @Override
  public void close() {
    watch.ifPresent(FileWatch::close);
  }
}
