package dev.cmmshub.gateway.tls;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a port speaks TLS with; all PEM.
 *
 * @param certificate the port's own, those of its intermediate authorities behind it
 * @param key of the certificate, not encrypted
 * @param clients whether clients show a certificate
 * @param authorities whose client certificates count; there unless clients show none
 */
public record TlsFiles(Path certificate, Path key, Clients clients, Optional<Path> authorities) {
  /** Whether clients show a certificate. */
  public enum Clients {
    /** They are not asked. */
    NONE,
    /** They are asked; without one a key or token has to say who it is. */
    OFFERED,
    /** Without one there is no connection. */
    REQUIRED
  }

  public TlsFiles {
    if (authorities.isPresent() == (clients == Clients.NONE)) {
      throw new IllegalArgumentException(
          "tls.clients and tls.client-authorities: expected both or none: without authorities any"
              + " certificate would count");
    }
  }

  Set<Path> besideCertificate() {
    Set<Path> files = new HashSet<>(Set.of(key));
    authorities.ifPresent(files::add);
    return files;
  }
}
