package dev.cmmshub.notifier;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import dev.cmmshub.Loopback;
import io.vertx.core.Vertx;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The example that comes with the Standard Webhooks specification, and a receiver's own check. */
class WebhookSignatureTest {
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
  private static final Instant THEN = Instant.ofEpochSecond(1614265330);
  private static final String BODY = "{\"test\": 2432232314}";

  private static Vertx vertx;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stop() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private static Map<String, String> sign(Instant now, String id, String body) {
    try (WebhookSender sender =
        new WebhookSender(vertx, Loopback.hooks(), Clock.fixed(now, ZoneOffset.UTC))) {
      return sender.sign(Deliveries.of(id, body, SECRET));
    }
  }

  @Test
  void theSpecificationsExampleComesOut() {
    assertThat(sign(THEN, ID, BODY))
        .containsEntry("webhook-id", ID)
        .containsEntry("webhook-timestamp", "1614265330")
        .containsEntry("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
        .containsEntry("content-type", "application/json")
        .containsEntry("ce-type", "dev.cmmshub.workorder.released.v1");
  }

  /** The formula of the specification, with nothing but the platform's own classes. */
  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "{\"n\":\"M\u00fcller \ud83d\ude00\"}", "a.b.c", " \n"})
  void anyBodyIsSignedByteForByte(String body) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(
        new SecretKeySpec(Base64.getDecoder().decode(SECRET.substring(6)), mac.getAlgorithm()));
    byte[] digest = mac.doFinal((ID + "." + THEN.getEpochSecond() + "." + body).getBytes(UTF_8));
    assertThat(sign(THEN, ID, body))
        .containsEntry("webhook-signature", "v1," + Base64.getEncoder().encodeToString(digest));
  }

  @Test
  void aReceiverTakesItAndTakesNothingThatWasChanged() throws WebhookVerificationException {
    Map<String, List<String>> headers = headers(sign(Instant.now(), ID, BODY));
    Webhook receiver = new Webhook(SECRET);
    receiver.verify(BODY, headers);
    assertThatThrownBy(() -> receiver.verify(BODY + " ", headers))
        .isInstanceOf(WebhookVerificationException.class);
    assertThatThrownBy(() -> new Webhook("whsec_b3RoZXI=").verify(BODY, headers))
        .isInstanceOf(WebhookVerificationException.class);
    headers.put("webhook-id", List.of("msg_other"));
    assertThatThrownBy(() -> receiver.verify(BODY, headers))
        .isInstanceOf(WebhookVerificationException.class);
  }

  @Test
  void aReceiverRefusesOneThatIsReplayedLater() {
    Map<String, List<String>> headers = headers(sign(Instant.now().minusSeconds(3600), ID, BODY));
    assertThatThrownBy(() -> new Webhook(SECRET).verify(BODY, headers))
        .isInstanceOf(WebhookVerificationException.class);
  }

  private static Map<String, List<String>> headers(Map<String, String> signed) {
    return signed.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, header -> List.of(header.getValue())));
  }
}
