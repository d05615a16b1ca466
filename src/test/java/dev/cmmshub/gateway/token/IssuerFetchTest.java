package dev.cmmshub.gateway.token;

import static dev.cmmshub.TestHub.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.RSAKey;
import dev.cmmshub.TestHub;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How a running hub gets the keys of issuers, and what it does while it does not. */
class IssuerFetchTest {
  private static final RSAKey OLD = Jwts.rsa("old");
  private static final RSAKey NEW = Jwts.rsa("new");

  private final FakeIssuer issuer = new FakeIssuer(OLD);
  private final FakeIssuer elsewhere = new FakeIssuer(NEW);
  private TestHub hub;

  private void start(String address, String jwks, Map<String, String> settings) {
    hub =
        TestHub.with(
            """
              wharf:
                tokens:
                  - {id: idp, issuer: "%s", audience: cmms-hub, algorithms: [RS256]%s}
            """
                .formatted(address, jwks),
            settings);
  }

  @AfterEach
  void end() {
    hub.close();
    issuer.close();
    elsewhere.close();
  }

  private int status(String iss, RSAKey key) {
    String token = Jwts.signed(JWSAlgorithm.RS256, key, Jwts.claims(iss, "any"));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(hub.address("/v1/workorder"))
            .timeout(Duration.ofSeconds(5))
            .header("Authorization", "Bearer " + token);
    return hub.send(request).statusCode();
  }

  private int status(RSAKey key) {
    return status(issuer.issuer(), key);
  }

  /** And a changed tenants.yaml counts for tokens that were seen before. */
  @Test
  void aNewKeyIsTakenWithoutARestartAndTheOldOneNoLonger() throws IOException {
    start(issuer.issuer(), "", Map.of("hub.tokens.unknownKeySeconds", "1"));
    assertThat(eventually(() -> status(OLD) == 200)).isTrue();
    String seen = Jwts.signed(JWSAlgorithm.RS256, OLD, Jwts.claims(issuer.issuer(), "any"));
    HttpRequest.Builder again =
        HttpRequest.newBuilder(hub.address("/v1/workorder"))
            .header("Authorization", "Bearer " + seen);
    assertThat(hub.send(again).statusCode()).isEqualTo(200);

    issuer.rotate(NEW);
    assertThat(status(NEW)).isEqualTo(401);
    assertThat(eventually(() -> status(NEW) == 200)).isTrue();
    // Also a token that was taken with the key that is gone.
    assertThat(hub.send(again).statusCode()).isEqualTo(401);

    // While the issuer is down its keys stay.
    issuer.stop();
    int asked = issuer.asked().size();
    assertThat(status(OLD)).isEqualTo(401);
    for (int i = 0; i < 20; i++) {
      assertThat(status(NEW)).isEqualTo(200);
    }
    issuer.startAgain();
    assertThat(eventually(() -> issuer.asked().size() > asked || status(OLD) == 0)).isTrue();

    String file = Files.readString(hub.tenantsFile());
    Files.writeString(hub.tenantsFile(), file.replace("audience: cmms-hub", "audience: other"));
    assertThat(eventually(() -> status(NEW) == 401)).isTrue();
  }

  /** Unknown keys make it ask no more often than the setting says. */
  @Test
  void unknownKeysDoNotFloodTheIssuer() {
    start(issuer.issuer(), ", jwks: \"" + issuer.jwks() + "\"", Map.of());
    assertThat(eventually(() -> status(OLD) == 200)).isTrue();
    for (int i = 0; i < 50; i++) {
      assertThat(status(NEW)).isEqualTo(401);
    }
    assertThat(issuer.asked()).containsExactly("/realm/keys");
  }

  @Test
  void aRedirectIsNotFollowed() {
    issuer.redirect(elsewhere.jwks());
    start(issuer.issuer(), ", jwks: \"" + issuer.jwks() + "\"", Map.of());
    assertThat(eventually(() -> issuer.asked().size() > 1)).isTrue();
    assertThat(status(NEW)).isEqualTo(503);
    assertThat(elsewhere.asked()).isEmpty();
  }

  /** Without the operator's leave nothing of the hub's own network is asked. */
  @Test
  void anAddressThatIsNotPublicIsNotAsked() {
    start(issuer.issuer(), "", Map.of("hub.egress.allow", "10.0.0.0/8"));
    assertThat(
            eventually(
                () ->
                    hub.admin("/q/metrics")
                        .contains("hub_egress_refused_total{target=\"wharf/idp\"")))
        .isTrue();
    assertThat(status(OLD)).isEqualTo(503);
    assertThat(issuer.asked()).isEmpty();
  }
}
