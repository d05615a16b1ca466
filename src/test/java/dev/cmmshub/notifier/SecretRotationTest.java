package dev.cmmshub.notifier;

import static dev.cmmshub.TestHub.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.cmmshub.TestHub;
import dev.cmmshub.tenant.KeyHash;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A webhook's secret is changed while the hub runs. */
class SecretRotationTest {
  private static final String KEY = "hub_test-of-rotation";
  private static final Path SAMPLE =
      Path.of("connectors/odoo/samples/workorder.from-erp.in-progress.json");

  @TempDir private Path folder;

  /** Which of the two secrets each delivery was signed with. */
  private final List<String> signedWith = new CopyOnWriteArrayList<>();

  private static String secret(String text) {
    return "whsec_" + Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  private void take(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    String signed =
        exchange.getRequestHeaders().getFirst("webhook-id")
            + '.'
            + exchange.getRequestHeaders().getFirst("webhook-timestamp")
            + '.'
            + body;
    String signature = exchange.getRequestHeaders().getFirst("webhook-signature");
    for (String text : List.of("first", "second")) {
      if (signature.equals("v1," + hmac(text, signed))) {
        signedWith.add(text);
      }
    }
    exchange.sendResponseHeaders(204, -1);
    exchange.close();
  }

  private static String hmac(String secret, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
      return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(UTF_8)));
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void post(TestHub hub, int number) throws IOException {
    String body =
        Files.readString(SAMPLE)
            .replaceFirst("\"_id\": *[0-9]+", "\"_id\": " + number)
            .replaceFirst("\"id\": *[0-9]+", "\"id\": " + number);
    assertThat(
            hub.send(
                    HttpRequest.newBuilder(hub.address("/v1/events/odoo"))
                        .timeout(Duration.ofSeconds(20))
                        .header("X-API-Key", KEY)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body)))
                .statusCode())
        .isEqualTo(202);
  }

  @Test
  void theNextDeliveryIsSignedWithTheNewSecret() throws IOException {
    HttpServer receiver =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext("/", this::take);
    receiver.start();
    Path file = Files.writeString(folder.resolve("secret"), secret("first"));
    try (TestHub hub =
        TestHub.with(
            """
              yard:
                keys: [{id: test, sha256: "%s"}]
                systems: {odoo: {connector: odoo}}
                subscriptions:
                  - {to: "http://127.0.0.1:%d/", events: ["*"], secret: "{{file:%s}}"}
            """
                .formatted(KeyHash.of(KEY), receiver.getAddress().getPort(), file))) {
      post(hub, 1);
      assertThat(eventually(() -> signedWith.equals(List.of("first")))).isTrue();

      Path next = Files.writeString(folder.resolve("next"), secret("second"));
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
      assertThat(eventually(() -> inUse(hub).equals(secret("second")))).isTrue();
      post(hub, 2);
      assertThat(eventually(() -> signedWith.equals(List.of("first", "second")))).isTrue();

      Files.delete(file);
      assertThat(eventually(() -> hub.admin("/q/metrics").contains("hub_tenants_valid 0")))
          .isTrue();
      assertThat(hub.admin("/q/health/ready"))
          .startsWith("{\"status\":\"UP\"")
          .contains("{\"name\":\"tenants\",\"status\":\"DOWN\",\"problem\":\"tenants.yaml cannot");
      post(hub, 3);
      assertThat(eventually(() -> signedWith.equals(List.of("first", "second", "second"))))
          .isTrue();
    } finally {
      receiver.stop(0);
    }
  }

  private static String inUse(TestHub hub) {
    return hub.tenants()
        .byId("yard")
        .flatMap(tenant -> tenant.subscriptions().get(0).secret())
        .orElseThrow()
        .value();
  }
}
