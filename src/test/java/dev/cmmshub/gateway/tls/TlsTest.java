package dev.cmmshub.gateway.tls;

import static dev.cmmshub.TestHub.eventually;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.TestAdmins;
import dev.cmmshub.TestHub;
import dev.cmmshub.message.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hub whose two ports speak TLS, and whose clients may show certificates. */
class TlsTest {
  @TempDir private static Path folder;
  private static Authority authority;
  private static Authority stranger;
  private static TestHub hub;

  @BeforeAll
  static void start() throws Exception {
    authority = new Authority(folder, "authority");
    for (String who : List.of("first", "wharf", "pier", "unnamed")) {
      authority.issue(who, who.equals("pier") ? "EC" : "RSA", 90);
    }
    authority.issue("second", "EC", 9);
    stranger = new Authority(folder, "stranger");
    stranger.issue("forged", "RSA", 90);
    Files.copy(folder.resolve("first.crt"), folder.resolve("port.crt"));
    Files.copy(folder.resolve("first.key"), folder.resolve("port.key"));
    Files.copy(folder.resolve("first.crt"), folder.resolve("admin.crt"));
    Files.copy(folder.resolve("first.key"), folder.resolve("admin.key"));
    hub =
        TestHub.with(
            """
              wharf:
                keys: [{id: wharf-cert, certificate: "%s", can: [read]}]
              pier:
                keys: [{id: pier-cert, certificate: "%s", can: [read]}]
            """
                .formatted(fingerprint("wharf", ":"), fingerprint("pier", "")),
            Map.of(
                "hub.http.tls.certificate",
                folder.resolve("port.crt").toString(),
                "hub.http.tls.key",
                folder.resolve("port.key").toString(),
                "hub.http.tls.clients",
                "offered",
                "hub.http.tls.client-authorities",
                authority.certificate().toString(),
                "hub.admin.tls.certificate",
                folder.resolve("admin.crt").toString(),
                "hub.admin.tls.key",
                folder.resolve("admin.key").toString()));
  }

  @AfterAll
  static void end() {
    hub.close();
  }

  private static String fingerprint(String who, String delimiter) throws GeneralSecurityException {
    byte[] der = authority.issued(who);
    return HexFormat.ofDelimiter(delimiter)
        .withUpperCase()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(der));
  }

  private static HttpClient client(String who) {
    return HttpClient.newBuilder().sslContext(authority.context(who)).build();
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + hub.port() + path))
        .timeout(Duration.ofSeconds(20));
  }

  private static HttpResponse<String> ask(HttpClient client, HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpRequest.Builder admin(String path) {
    return HttpRequest.newBuilder(
            URI.create("https://127.0.0.1:" + hub.adminAddress("").getPort() + path))
        .header("Authorization", "Bearer " + hub.admins().key(TestAdmins.VIEWER));
  }

  private static String metrics() throws IOException, InterruptedException {
    return ask(client(null), admin("/q/metrics")).body();
  }

  private static double metric(String name) throws IOException, InterruptedException {
    Matcher metric = Pattern.compile(Pattern.quote(name) + " ([0-9.E+-]+)").matcher(metrics());
    assertThat(metric.find()).as(name).isTrue();
    return Double.parseDouble(metric.group(1));
  }

  /** Of a new connection. */
  private static SSLSocket connect(String... protocols) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            authority
                .context(null)
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), hub.port());
    if (protocols.length > 0) {
      socket.setEnabledProtocols(protocols);
    }
    socket.setSoTimeout(40_000);
    socket.startHandshake();
    return socket;
  }

  private static String subject() {
    try (SSLSocket socket = connect()) {
      return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
          .getSubjectX500Principal()
          .getName();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void keysWorkAsBeforeAndPlainHttpDoesNot() throws Exception {
    byte[] order =
        Files.readAllBytes(Path.of("connectors/odoo/samples/workorder.from-erp.in-progress.json"));
    HttpResponse<String> posted =
        ask(
            client(null),
            request("/v1/events/odoo")
                .header("X-API-Key", hub.key("river"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(order)));
    assertThat(posted.statusCode()).as(posted.body()).isEqualTo(202);
    assertThat(ask(client(null), request("/v1/workorder").GET()).statusCode()).isEqualTo(401);
    assertThatThrownBy(() -> hub.get("/v1/workorder", "river"))
        .isInstanceOf(java.io.UncheckedIOException.class);
  }

  @Test
  void oldProtocolsAndWeakCiphersAreRefused() throws IOException {
    for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
      try (SSLSocket socket = connect(protocol)) {
        assertThat(socket.getSession().getProtocol()).isEqualTo(protocol);
        assertThat(socket.getSession().getCipherSuite()).containsAnyOf("GCM", "CHACHA20");
      }
    }
    assertThat(openssl("", "-tls1_1", "-cipher", "DEFAULT:@SECLEVEL=0"))
        .contains("alert")
        .doesNotContain("BEGIN CERTIFICATE");
    SSLSocket cbc =
        (SSLSocket)
            authority
                .context(null)
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), hub.port());
    try (cbc) {
      cbc.setEnabledProtocols(new String[] {"TLSv1.2"});
      cbc.setEnabledCipherSuites(new String[] {"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256"});
      assertThatThrownBy(cbc::startHandshake).isInstanceOf(SSLException.class);
    }
  }

  @Test
  void aCertificateIsACredentialAtEveryRoute() throws Exception {
    HttpClient wharf = client("wharf");
    for (int i = 0; i < 3; i++) {
      assertThat(ask(wharf, request("/v1/workorder").GET()).statusCode()).isEqualTo(200);
    }
    HttpResponse<String> post =
        ask(wharf, request("/v1/events/odoo").POST(HttpRequest.BodyPublishers.ofString("{}")));
    assertThat(post.statusCode()).isEqualTo(403);
    assertThat(post.body()).contains("key 'wharf-cert' may not publish");
    // A right certificate that tenants.yaml does not name, and none at all.
    for (String nobody : new String[] {"unnamed", null}) {
      assertThat(ask(client(nobody), request("/v1/workorder").GET()).statusCode()).isEqualTo(401);
    }
    assertThat(
            ask(client("unnamed"), request("/v1/workorder").header("X-API-Key", hub.key("river")))
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void aCertificateOfAnotherAuthorityGetsNoConnection() throws IOException {
    // A client of Java would not even show it.
    String answer =
        openssl(
            "GET /openapi.json HTTP/1.0\r\n\r\n",
            "-quiet",
            "-cert",
            folder.resolve("forged.crt").toString(),
            "-key",
            folder.resolve("forged.key").toString());
    assertThat(answer).contains("alert").doesNotContain("HTTP/1");
    String right =
        openssl(
            "GET /openapi.json HTTP/1.0\r\n\r\n",
            "-quiet",
            "-cert",
            folder.resolve("wharf.crt").toString(),
            "-key",
            folder.resolve("wharf.key").toString());
    assertThat(right).contains("HTTP/1.0 200").doesNotContain("alert");
  }

  private static String openssl(String input, String... options) throws IOException {
    List<String> command =
        new ArrayList<>(List.of("openssl", "s_client", "-connect", "127.0.0.1:" + hub.port()));
    command.addAll(List.of(options));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (OutputStream typed = process.getOutputStream()) {
      typed.write(input.getBytes(ISO_8859_1));
      typed.flush();
      return new String(process.getInputStream().readAllBytes(), ISO_8859_1);
    }
  }

  /** Certificates are public, and so is what tenants.yaml keeps of them. */
  @Test
  void aCertificateIsNoKey() throws Exception {
    byte[] der = authority.issued("wharf");
    for (String key :
        List.of(
            new String(der, StandardCharsets.UTF_8).replaceAll("[^ -~]", ""),
            fingerprint("wharf", ""),
            fingerprint("wharf", "").toLowerCase(java.util.Locale.ROOT))) {
      assertThat(ask(client(null), request("/v1/workorder").header("X-API-Key", key)).statusCode())
          .isEqualTo(401);
    }
    for (String name : List.of("clientCertificate", "client-certificate", "X-Client-Cert")) {
      HttpRequest.Builder spoofed =
          request("/v1/workorder?" + name + "=" + fingerprint("wharf", ""))
              .header(name, fingerprint("wharf", "").toLowerCase(java.util.Locale.ROOT));
      assertThat(ask(client(null), spoofed).statusCode()).isEqualTo(401);
    }
  }

  @Test
  void certificateAndKeyOfDifferentTenantsAre401() throws Exception {
    for (String path : List.of("/v1/workorder", "/v1/part")) {
      HttpResponse<String> both =
          ask(client("wharf"), request(path).header("X-API-Key", hub.key("river")));
      assertThat(both.statusCode()).isEqualTo(401);
      assertThat(both.body()).contains("not of one tenant").doesNotContain("river");
    }
    // A wrong key is not mended by a right certificate.
    assertThat(
            ask(client("pier"), request("/v1/workorder").header("X-API-Key", "hub_nope"))
                .statusCode())
        .isEqualTo(401);
    assertThat(ask(client("pier"), request("/v1/workorder")).statusCode()).isEqualTo(200);
  }

  @Test
  void aCertificateThatIsTakenOutOfTenantsYamlIsWorthNothingOnAnOpenConnection() throws Exception {
    HttpClient pier = client("pier");
    assertThat(ask(pier, request("/v1/workorder")).statusCode()).isEqualTo(200);
    String before = Files.readString(hub.tenantsFile());
    try {
      Files.writeString(
          hub.tenantsFile(), before.replace(fingerprint("pier", ""), "ab".repeat(32)));
      assertThat(eventually(() -> status(pier) == 401)).isTrue();
    } finally {
      Files.writeString(hub.tenantsFile(), before);
    }
    assertThat(eventually(() -> status(pier) == 200)).isTrue();
  }

  private static int status(HttpClient client) {
    try {
      return ask(client, request("/v1/workorder")).statusCode();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The handshake counts as well: a client that begins none is gone after 10 s. */
  @Test
  void slowConnectionsAreClosedBehindTlsToo() throws Exception {
    try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), hub.port());
        SSLSocket slow = connect()) {
      silent.setSoTimeout(40_000);
      long begin = System.nanoTime();
      slow.getOutputStream()
          .write("GET /v1/workorder HTTP/1.1\r\nHost: a\r\n".getBytes(ISO_8859_1));
      slow.getOutputStream().flush();
      assertThat(silent.getInputStream().read()).isNegative();
      double silentFor = (System.nanoTime() - begin) / 1e9;
      assertThat(slow.getInputStream().read()).isNegative();
      double slowFor = (System.nanoTime() - begin) / 1e9;
      assertThat(silentFor).isBetween(5.0, 15.0);
      assertThat(slowFor).isBetween(10.0, 20.0);
    }
  }

  @Test
  void aNewCertificateIsUsedWithoutARestartAndABrokenOneChangesNothing() throws Exception {
    Path certificate = folder.resolve("port.crt");
    Path key = folder.resolve("port.key");
    assertThat(subject()).isEqualTo("CN=first");
    assertThat(metric("hub_certificate_expires_seconds{port=\"http\"}") / 86_400)
        .isBetween(89.0, 90.0);
    HttpClient kept = client(null);
    assertThat(ask(kept, request("/openapi.json")).statusCode()).isEqualTo(200);

    authority.use("second", certificate, key);
    // No connection fails meanwhile: subject() would throw.
    assertThat(eventually(() -> subject().equals("CN=second"))).isTrue();
    // Each event loop has a server of its own.
    for (int i = 0; i < 8; i++) {
      assertThat(subject()).isEqualTo("CN=second");
    }
    assertThat(ask(kept, request("/openapi.json")).statusCode()).isEqualTo(200);
    assertThat(metric("hub_certificate_expires_seconds{port=\"http\"}") / 86_400)
        .isBetween(8.0, 9.0);

    for (String broken : List.of("no PEM", Files.readString(folder.resolve("first.crt")))) {
      Files.writeString(folder.resolve("broken.crt"), broken);
      Authority.replace(folder.resolve("broken.crt"), certificate);
      assertThat(eventually(() -> valid() == 0)).isTrue();
      assertThat(subject()).isEqualTo("CN=second");
      JsonNode health =
          Json.read(ask(client(null), admin("/q/health")).body().getBytes(ISO_8859_1));
      assertThat(health.get("status").asText()).isEqualTo("UP");
      assertThat(health.toString())
          .contains("\"name\":\"certificate-http\",\"status\":\"DOWN\"")
          .contains("\"name\":\"certificate-admin\",\"status\":\"UP\"");
      Authority.replace(folder.resolve("second.crt"), certificate);
      assertThat(eventually(() -> valid() == 1)).isTrue();
    }
    authority.use("first", certificate, key);
    assertThat(eventually(() -> subject().equals("CN=first"))).isTrue();
    assertThat(eventually(() -> valid() == 1)).isTrue();
  }

  private static double valid() {
    try {
      return metric("hub_certificate_valid{port=\"http\"}");
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
