package dev.cmmshub.gateway.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * An authority of its own in a folder: the JDK's keytool makes the certificates, as PEM files and
 * as key stores.
 */
public final class Authority {
  private static final char[] PASSWORD = "changeit".toCharArray();

  private final Path folder;
  private final String name;

  public Authority(Path folder, String name) {
    this.folder = folder;
    this.name = name;
    keytool(name, "-genkeypair", "-keyalg", "EC", "-dname", "CN=" + name, "-ext", "bc:c");
    pem(name);
  }

  /** Its own certificate. */
  public Path certificate() {
    return folder.resolve(name + ".crt");
  }

  /**
   * Makes a certificate for 127.0.0.1 and its key: {@code <who>.crt} and {@code <who>.key}.
   *
   * @param algorithm {@code RSA} or {@code EC}
   * @param days from now on
   */
  public void issue(String who, String algorithm, int days) {
    keytool(who, "-genkeypair", "-keyalg", algorithm, "-dname", "CN=" + who);
    Path request = folder.resolve(who + ".csr");
    Path signed = folder.resolve(who + ".signed");
    keytool(who, "-certreq", "-file", request.toString());
    keytool(
        name,
        "-gencert",
        "-rfc",
        "-infile",
        request.toString(),
        "-outfile",
        signed.toString(),
        "-validity",
        Integer.toString(days),
        "-ext",
        "san=ip:127.0.0.1,dns:localhost");
    keytool(who, "-importcert", "-noprompt", "-alias", "ca", "-file", certificate().toString());
    keytool(who, "-importcert", "-noprompt", "-file", signed.toString());
    pem(who);
  }

  public KeyStore store(String who) {
    try (InputStream stream = Files.newInputStream(folder.resolve(who + ".p12"))) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(stream, PASSWORD);
      return store;
    } catch (IOException | GeneralSecurityException e) {
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
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry("ca", store(name).getCertificate(name));
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      if (who != null) {
        keys.init(store(who), PASSWORD);
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(who == null ? null : keys.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
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

  private void pem(String who) {
    try {
      KeyStore store = store(who);
      Files.writeString(
          folder.resolve(who + ".crt"), pem("CERTIFICATE", store.getCertificate(who).getEncoded()));
      Files.writeString(
          folder.resolve(who + ".key"),
          pem("PRIVATE KEY", store.getKey(who, PASSWORD).getEncoded()));
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pem(String what, byte[] der) {
    return "-----BEGIN "
        + what
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END "
        + what
        + "-----\n";
  }

  private void keytool(String alias, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    if (!command.contains("-alias")) {
      command.addAll(List.of("-alias", alias));
    }
    command.addAll(
        List.of(
            "-keystore",
            folder.resolve(alias + ".p12").toString(),
            "-storepass",
            new String(PASSWORD)));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes());
      if (process.waitFor() != 0) {
        throw new IllegalStateException(command + ": " + output);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
