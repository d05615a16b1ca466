package dev.cmmshub.gateway.hook;

import static dev.cmmshub.gateway.hook.Finding.MISSING;
import static dev.cmmshub.gateway.hook.Finding.OUTDATED;
import static dev.cmmshub.gateway.hook.Finding.RIGHT;
import static dev.cmmshub.gateway.hook.Finding.WRONG;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cmmshub.HookConnectors;
import dev.cmmshub.connector.Connector;
import dev.cmmshub.connector.ConnectorFolders;
import dev.cmmshub.tenant.Secret;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signatures that others made. */
class HookVerifierTest {
  private static final Instant THEN = Instant.ofEpochSecond(1614265330);
  private static final String ITEM =
      "{\"doctype\": \"Item\", \"name\": \"SEAL-2102\", \"modified\": \"2026-03-06 14:42:17.123456\"}";

  @TempDir private static Path folder;
  private static Map<String, Connector> connectors;

  /** A request whose signature is right. */
  record Signed(String connector, String secret, String body, Map<String, String> headers) {
    Finding at(Instant now) {
      return with(now, secret, body, headers);
    }

    Finding with(Instant now, String secrets, String body, Map<String, String> headers) {
      return new HookVerifier(Clock.fixed(now, ZoneOffset.UTC))
          .check(
              connectors.get(connector).hook().orElseThrow(),
              Stream.of(secrets.split("\\|")).map(Secret::new).toList(),
              headers::get,
              body.getBytes(UTF_8));
    }

    boolean hasTime() {
      return !connector.matches("signed-(frappe|github)");
    }

    Map<String, String> changed(String header, String value) {
      Map<String, String> changed = new HashMap<>(headers);
      changed.put(header, value);
      return changed;
    }

    @Override
    public String toString() {
      return connector;
    }
  }

  /** The example of the Standard Webhooks specification. */
  private static final Signed STANDARD =
      new Signed(
          "signed-standard",
          "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
          "{\"test\": 2432232314}",
          Map.of(
              "webhook-id",
              "msg_p5jXN8AQM9LWM0D4loKWxJek",
              "webhook-timestamp",
              "1614265330",
              "webhook-signature",
              "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));

  /** {@code printf %s "$BODY" | openssl dgst -sha256 -hmac frappe-secret -binary | base64}. */
  private static final Signed FRAPPE =
      new Signed(
          "signed-frappe",
          "frappe-secret",
          ITEM,
          Map.of("X-Frappe-Webhook-Signature", "9K5YB1uFkU8Gpg7zO/ivvl6/jq3CuGlaMTOPauVnY+A="));

  /** The example of GitHub's documentation, "Validating webhook deliveries". */
  private static final Signed GITHUB =
      new Signed(
          "signed-github",
          "It's a Secret to Everybody",
          "Hello, World!",
          Map.of(
              "X-Hub-Signature-256",
              "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"));

  /** Python: {@code hmac.new(b"stripe-secret", b"1614265330." + body, "sha256").hexdigest()}. */
  private static final Signed STRIPE =
      new Signed(
          "signed-stripe",
          "stripe-secret",
          ITEM,
          Map.of(
              "Stripe-Signature",
              "t=1614265330,v1=88fa0f4fdfdf1e2300f3d1a769095cc2bdec6cf402299a7ea1556217981d7460"));

  /** Python: {@code hmac.new(b"own-secret", b"v0:1614265330123:m-1:" + body, "sha512")}. */
  private static final Signed OWN =
      new Signed(
          "signed-own",
          "own-secret",
          ITEM,
          Map.of(
              "X-Sig",
              "skNYsWj3uKvXH0tFjIvG7uwnzVmXEEsF6FxTLIoiZ6mtmCU01X7PfSidnBE7"
                  + "jG4Lgc2TByu4JcMVAZxdVBkJ5A==",
              "X-Time",
              "1614265330123",
              "X-Id",
              "m-1"));

  static List<Signed> all() {
    return List.of(STANDARD, FRAPPE, GITHUB, STRIPE, OWN);
  }

  @BeforeAll
  static void read() {
    connectors = new ConnectorFolders().read(HookConnectors.writeTo(folder));
  }

  @ParameterizedTest
  @MethodSource("all")
  void whatOthersSignedIsRight(Signed signed) {
    assertThat(signed.at(THEN)).isEqualTo(RIGHT);
  }

  @ParameterizedTest
  @MethodSource("all")
  void anotherBodyIsWrong(Signed signed) {
    String body = signed.body();
    for (String other : List.of("", body + " ", body.substring(1), body.replace('e', 'f'))) {
      assertThat(signed.with(THEN, signed.secret(), other, signed.headers())).isEqualTo(WRONG);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void oneOfSeveralSecretsIsEnoughAndAnotherIsNone(Signed signed) {
    String other = "whsec_b3RoZXI=";
    assertThat(signed.with(THEN, other, signed.body(), signed.headers())).isEqualTo(WRONG);
    for (String two : List.of(signed.secret() + "|" + other, other + "|" + signed.secret())) {
      assertThat(signed.with(THEN, two, signed.body(), signed.headers())).isEqualTo(RIGHT);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void everyHeaderIsNeeded(Signed signed) {
    for (String header : signed.headers().keySet()) {
      Map<String, String> without = new HashMap<>(signed.headers());
      without.remove(header);
      assertThat(signed.with(THEN, signed.secret(), signed.body(), without)).isEqualTo(MISSING);
    }
  }

  /** Whoever has one request of the past must not be able to make it one of today. */
  @ParameterizedTest
  @MethodSource("all")
  void everyHeaderCounts(Signed signed) {
    for (Map.Entry<String, String> header : signed.headers().entrySet()) {
      String value = header.getValue();
      for (int at : List.of(0, value.length() / 2, value.length() - 2)) {
        char other = value.charAt(at) == '1' ? '2' : '1';
        String changed = value.substring(0, at) + other + value.substring(at + 1);
        assertThat(
                signed.with(
                    THEN, signed.secret(), signed.body(), signed.changed(header.getKey(), changed)))
            .as(changed)
            .isNotEqualTo(RIGHT);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void fiveMinutesCountAndAMillisecondMoreDoesNot(Signed signed) {
    long millis = signed == OWN ? 123 : 0;
    Instant sent = THEN.plusMillis(millis);
    Duration five = Duration.ofMinutes(5);
    for (Instant border : List.of(sent.plus(five), sent.minus(five))) {
      assertThat(signed.at(border)).isEqualTo(RIGHT);
    }
    Finding beyond = signed.hasTime() ? OUTDATED : RIGHT;
    assertThat(signed.at(sent.plus(five).plusMillis(1))).isEqualTo(beyond);
    assertThat(signed.at(sent.minus(five).minusMillis(1))).isEqualTo(beyond);
    assertThat(signed.at(sent.plus(Duration.ofDays(365)))).isEqualTo(beyond);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "now", "-1614265330", "+1614265330", "1614265330.0", "99999999999999999999"})
  void aTimeThatIsNoneIsOutdated(String time) {
    assertThat(
            STANDARD.with(
                THEN,
                STANDARD.secret(),
                STANDARD.body(),
                STANDARD.changed("webhook-timestamp", time)))
        .isEqualTo(OUTDATED);
  }

  @Test
  void oneOfTwoSignaturesIsEnoughWhereAHeaderHoldsSeveral() {
    String right = STANDARD.headers().get("webhook-signature");
    String wrong = "v1," + "A".repeat(43) + "=";
    for (String both :
        List.of(wrong + " " + right, right + " " + wrong, "v1a,xyz " + right + "  v1,%")) {
      assertThat(
              STANDARD.with(
                  THEN,
                  STANDARD.secret(),
                  STANDARD.body(),
                  STANDARD.changed("webhook-signature", both)))
          .isEqualTo(RIGHT);
    }
    String github = GITHUB.headers().get("X-Hub-Signature-256");
    assertThat(
            GITHUB.with(
                THEN,
                GITHUB.secret(),
                GITHUB.body(),
                GITHUB.changed("X-Hub-Signature-256", github + " " + github)))
        .isEqualTo(WRONG);
  }

  /** The first counts; a second cannot make an old signature young. */
  @Test
  void aSecondTimeBesideTheSignatureIsIgnored() {
    Instant later = THEN.plus(Duration.ofHours(1));
    String header = STRIPE.headers().get("Stripe-Signature");
    for (String twice :
        List.of(
            "t=" + later.getEpochSecond() + "," + header,
            header + ",t=" + later.getEpochSecond())) {
      assertThat(
              STRIPE.with(
                  later, STRIPE.secret(), STRIPE.body(), STRIPE.changed("Stripe-Signature", twice)))
          .isIn(OUTDATED, WRONG);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1,", "v1", "v1,g0hM9SsE", "sha256=00", "\u0000", " , ,v1,====", "=,="})
  void whatIsNoSignatureIsWrong(String header) {
    assertThat(
            STANDARD.with(
                THEN,
                STANDARD.secret(),
                STANDARD.body(),
                STANDARD.changed("webhook-signature", header)))
        .isEqualTo(WRONG);
  }
}
