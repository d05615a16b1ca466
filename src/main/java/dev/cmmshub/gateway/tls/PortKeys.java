package dev.cmmshub.gateway.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * The certificate that a port shows: for each handshake the one that counts then. A handshake that
 * has begun goes on with the one it began with. (Vert.x can replace the options of a server too,
 * but refuses connections while it makes a new context of them.)
 */
final class PortKeys extends X509ExtendedKeyManager {
  private final Supplier<TlsMaterial> current;
  private volatile TlsMaterial last;
  private volatile TlsMaterial before;

  PortKeys(Supplier<TlsMaterial> current) {
    this.current = current;
    this.last = current.get();
    this.before = last;
  }

  @Override
  public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
    TlsMaterial now = current.get();
    if (now != last) {
      before = last;
      last = now;
    }
    return now.key().getAlgorithm().equals(keyType) ? now.alias() : null;
  }

  private TlsMaterial of(String alias) {
    TlsMaterial newest = last;
    return newest.alias().equals(alias) ? newest : before;
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return of(alias).chain().toArray(X509Certificate[]::new);
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return of(alias).key();
  }

  @Override
  public String[] getServerAliases(String keyType, Principal[] issuers) {
    return new String[] {current.get().alias()};
  }

  @Override
  public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
    return chooseEngineServerAlias(keyType, issuers, null);
  }

  @Override
  public String[] getClientAliases(String keyType, Principal[] issuers) {
    return new String[0];
  }

  @Override
  public String chooseClientAlias(String[] keyType, Principal[] issuers, Socket socket) {
    return null;
  }
}
