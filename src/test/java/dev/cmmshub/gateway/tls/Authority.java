package dev.cmmshub.gateway.tls;

import static org.bouncycastle.asn1.x509.Extension.basicConstraints;
import static org.bouncycastle.asn1.x509.Extension.subjectAlternativeName;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority of its own in a folder, which makes certificates and keys as PEM files. */
public final class Authority {
  private static final char[] PASSWORD = "changeit".toCharArray();

  private final Path folder;
  private final X500Name name;
  private final KeyPair own = pair("EC");
  private final X509Certificate certificate;
  private final Path file;
  private final Map<String, KeyStore> issued = new HashMap<>();

  public Authority(Path folder, String name) {
    this.folder = folder;
    this.name = new X500Name("CN=" + name);
    this.certificate =
        certificate(
            this.name,
            own,
            90,
            builder -> builder.addExtension(basicConstraints, true, new BasicConstraints(true)));
    this.file = folder.resolve(name + ".crt");
    write(file, "CERTIFICATE", encoded(certificate));
  }

  /** Its own certificate. */
  public Path certificate() {
    return file;
  }

  /**
   * Makes a certificate for 127.0.0.1 and its key: {@code <who>.crt} and {@code <who>.key}.
   *
   * @param algorithm {@code RSA} or {@code EC}
   * @param days from now on
   */
  public void issue(String who, String algorithm, int days) {
    KeyPair keys = pair(algorithm);
    GeneralNames places =
        new GeneralNames(
            new GeneralName[] {
              new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
              new GeneralName(GeneralName.dNSName, "localhost")
            });
    X509Certificate made =
        certificate(
            new X500Name("CN=" + who),
            keys,
            days,
            builder -> builder.addExtension(subjectAlternativeName, false, places));
    write(folder.resolve(who + ".crt"), "CERTIFICATE", encoded(made));
    write(folder.resolve(who + ".key"), "PRIVATE KEY", keys.getPrivate().getEncoded());
    try {
      KeyStore store = empty();
      store.setKeyEntry(
          who, keys.getPrivate(), PASSWORD, new X509Certificate[] {made, certificate});
      issued.put(who, store);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What was issued, as DER. */
  public byte[] issued(String who) {
    try {
      return encoded(issued.get(who).getCertificate(who));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * A client that trusts this authority.
   *
   * @param who shows a certificate; null: nobody
   */
  public SSLContext context(String who) {
    try {
      KeyStore trusted = empty();
      trusted.setCertificateEntry("ca", certificate);
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      if (who != null) {
        keys.init(issued.get(who), PASSWORD);
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(who == null ? null : keys.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Puts {@code <who>.crt} and {@code <who>.key} in the place of others, whole. */
  public void use(String who, Path certificate, Path key) throws IOException {
    replace(folder.resolve(who + ".key"), key);
    replace(folder.resolve(who + ".crt"), certificate);
  }

  static void replace(Path from, Path to) throws IOException {
    Path beside = to.resolveSibling(to.getFileName() + ".new");
    Files.copy(from, beside, StandardCopyOption.REPLACE_EXISTING);
    Files.move(beside, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private static KeyStore empty() throws GeneralSecurityException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      return store;
    } catch (IOException e) {
      throw new IllegalStateException("nothing is read", e);
    }
  }

  private static byte[] encoded(Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair pair(String algorithm) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(algorithm.equals("RSA") ? 2048 : 256);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What a certificate says besides names, key and time. */
  private interface Extensions {
    void addTo(JcaX509v3CertificateBuilder builder) throws CertIOException;
  }

  private X509Certificate certificate(
      X500Name subject, KeyPair keys, int days, Extensions extensions) {
    Instant now = Instant.now();
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            name,
            new BigInteger(64, new SecureRandom()),
            Date.from(now),
            Date.from(now.plus(days, ChronoUnit.DAYS)),
            subject,
            keys.getPublic());
    try {
      extensions.addTo(builder);
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(own.getPrivate())));
    } catch (CertIOException | OperatorCreationException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void write(Path file, String what, byte[] der) {
    try {
      Files.writeString(
          file,
          "-----BEGIN "
              + what
              + "-----\n"
              + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
              + "\n-----END "
              + what
              + "-----\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
