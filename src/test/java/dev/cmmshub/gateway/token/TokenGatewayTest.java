package dev.cmmshub.gateway.token;

import static dev.cmmshub.TestHub.eventually;
import static dev.cmmshub.gateway.token.Jwts.claims;
import static dev.cmmshub.gateway.token.Jwts.input;
import static dev.cmmshub.gateway.token.Jwts.signed;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import dev.cmmshub.TestHub;
import dev.cmmshub.embedded.LoopbackPorts;
import dev.cmmshub.gateway.token.TokenRefusedException.Reason;
import dev.cmmshub.message.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tokens at the gateway of a running hub: right ones, and what attackers make of them. */
class TokenGatewayTest {
  private static final RSAKey RSA = Jwts.rsa("rsa-1");
  private static final ECKey EC = Jwts.ec("ec-1");
  private static final KeyPair ED = Jwts.ed25519();
  private static final RSAKey FOREIGN_RSA = Jwts.rsa("rsa-1");
  private static final int SILENT = LoopbackPorts.free();

  private static FakeIssuer issuer;
  private static FakeIssuer foreign;
  private static FakeIssuer attacker;
  private static TestHub hub;

  @BeforeAll
  static void start() {
    issuer = new FakeIssuer(RSA, EC, Jwts.jwk("ed-1", ED));
    foreign = new FakeIssuer(FOREIGN_RSA);
    attacker = new FakeIssuer(FOREIGN_RSA);
    hub = TestHub.with(tenants(), Map.of("hub.tokens.unknownKeySeconds", "1"));
    assertThat(eventually(() -> ask("/v1/workorder", good()).statusCode() == 200)).isTrue();
    assertThat(eventually(() -> ask("/v1/workorder", ofIsland()).statusCode() == 200)).isTrue();
  }

  private static String tenants() {
    return """
          wharf:
            systems: {odoo: {connector: odoo}, erp: {connector: generic-soap}}
            tokens:
              - {id: idp, issuer: "%1$s", audience: cmms-hub, algorithms: [RS256, PS256, ES256, EdDSA], claims: {azp: wharf-erp}}
              - {id: other-audience, issuer: "%1$s", audience: second, algorithms: [RS256]}
          pier:
            systems: {odoo: {connector: odoo}}
            tokens:
              - {id: idp, issuer: "%1$s", audience: cmms-hub, algorithms: [RS256], can: [read], claims: {azp: pier-erp}}
              - {id: slow, issuer: "%1$s", audience: slow, algorithms: [RS256], limits: {requestsPerSecond: 1, burst: 1}}
          asleep:
            enabled: false
            tokens:
              - {id: idp, issuer: "%1$s", audience: cmms-hub, algorithms: [RS256], claims: {azp: asleep-erp}}
          island:
            systems: {odoo: {connector: odoo}}
            tokens:
              - {id: idp, issuer: "%2$s", jwks: "%3$s", audience: cmms-hub, algorithms: [RS256]}
          dark:
            tokens:
              - {id: idp, issuer: "http://127.0.0.1:%4$d", audience: cmms-hub, algorithms: [RS256]}
        """
        .formatted(issuer.issuer(), foreign.issuer(), foreign.jwks(), SILENT);
  }

  @AfterAll
  static void end() {
    hub.close();
    issuer.close();
    foreign.close();
    attacker.close();
  }

  private static ObjectNode wharf() {
    return claims(issuer.issuer(), "wharf-erp");
  }

  private static String good() {
    return signed(JWSAlgorithm.RS256, RSA, wharf());
  }

  private static String ofIsland() {
    return signed(JWSAlgorithm.RS256, FOREIGN_RSA, claims(foreign.issuer(), "any"));
  }

  private static HttpRequest.Builder request(String path, String token) {
    return HttpRequest.newBuilder(hub.address(path))
        .timeout(Duration.ofSeconds(20))
        .header("Authorization", "Bearer " + token);
  }

  private static HttpResponse<String> ask(String path, String token) {
    return hub.send(request(path, token).GET());
  }

  private static HttpResponse<String> post(String path, String type, String token, Path body) {
    try {
      return hub.send(
          request(path, token)
              .header("Content-Type", type)
              .POST(HttpRequest.BodyPublishers.ofByteArray(Files.readAllBytes(body))));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static HttpResponse<String> post(String token) {
    return post(
        "/v1/events/odoo",
        "application/json",
        token,
        Path.of("connectors/odoo/samples/workorder.from-erp.in-progress.json"));
  }

  private static JsonNode problem(HttpResponse<String> answer) {
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
    return Json.read(answer.body().getBytes(UTF_8));
  }

  private static double refused(Reason reason) {
    Matcher metric =
        Pattern.compile(
                "hub_token_refused_total\\{reason=\"" + reason.text() + "\"[^}]*} ([0-9.]+)")
            .matcher(hub.admin("/q/metrics"));
    assertThat(metric.find()).isTrue();
    return Double.parseDouble(metric.group(1));
  }

  /**
   * It is refused at both kinds of routes, for this reason, and the answer has the code and tells
   * neither reason nor claims.
   */
  private static void assertRefused(Reason reason, String code, String token) {
    double before = refused(reason);
    for (HttpResponse<String> answer : List.of(ask("/v1/workorder", token), post(token))) {
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(401);
      assertThat(answer.headers().firstValue("www-authenticate")).isPresent();
      JsonNode problem = problem(answer);
      assertThat(problem.get("code").asText()).isEqualTo(code);
      assertThat(problem.get("detail").asText()).contains("token").doesNotContain("127.0.0.1");
      assertThat(answer.body()).doesNotContain(token).doesNotContain("wharf").doesNotContain("azp");
    }
    assertThat(refused(reason)).as(reason.text()).isEqualTo(before + 2);
  }

  private static void assertRefused(Reason reason, String token) {
    assertRefused(reason, "unauthorized", token);
  }

  private static String with(UnaryOperator<JWSHeader.Builder> header) {
    return signed(
        header.apply(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("rsa-1")).build(),
        RSA,
        wharf());
  }

  @Test
  void everyAgreedSignatureSpeaksForItsTenantAtEveryRoute() throws GeneralSecurityException {
    Signature ed = Signature.getInstance("Ed25519");
    ed.initSign(ED.getPrivate());
    for (String token :
        List.of(
            good(),
            signed(JWSAlgorithm.PS256, RSA, wharf()),
            signed(JWSAlgorithm.ES256, EC, wharf()),
            signed("{\"alg\":\"EdDSA\",\"kid\":\"ed-1\",\"typ\":\"at+jwt\"}", wharf(), ed),
            with(
                header ->
                    header.keyID("rsa-1").type(new com.nimbusds.jose.JOSEObjectType("JWT"))))) {
      HttpResponse<String> answer = post(token);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
      String id = Json.read(answer.body().getBytes(UTF_8)).get("id").asText();
      assertThat(eventually(() -> ask("/v1/events/" + id, token).statusCode() == 200)).isTrue();
      assertThat(ask("/v1/events/" + id, ofIsland()).statusCode()).isEqualTo(404);
    }
  }

  @Test
  void soapTakesATokenAsBearerAndNotAsPassword() throws IOException {
    String order =
        Files.readString(Path.of("connectors/generic-soap/samples/workorder.from-erp.full.xml"));
    String body = order.substring(order.indexOf("?>") + 2);
    String open = "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\">";
    HttpRequest.Builder bearer =
        request("/v1/soap/erp", good())
            .header("Content-Type", "text/xml")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    open + "<s:Body>" + body + "</s:Body></s:Envelope>"));
    HttpResponse<String> taken = hub.send(bearer);
    assertThat(taken.statusCode()).as(taken.body()).isEqualTo(200);
    String header =
        "<s:Header><w:Security xmlns:w=\"http://docs.oasis-open.org/wss/2004/01/"
            + "oasis-200401-wss-wssecurity-secext-1.0.xsd\"><w:UsernameToken><w:Username>a"
            + "</w:Username><w:Password>"
            + good()
            + "</w:Password></w:UsernameToken></w:Security></s:Header>";
    HttpResponse<String> refused =
        hub.send(
            HttpRequest.newBuilder(hub.address("/v1/soap/erp"))
                .header("Content-Type", "text/xml")
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        open + header + "<s:Body>" + body + "</s:Body></s:Envelope>")));
    assertThat(refused.statusCode()).isEqualTo(500);
    assertThat(refused.body()).contains("unauthorized");
  }

  @Test
  void aTokenIsNoKey() {
    HttpRequest.Builder asKey =
        HttpRequest.newBuilder(hub.address("/v1/workorder")).header("X-API-Key", good()).GET();
    assertThat(hub.send(asKey).statusCode()).isEqualTo(401);
  }

  @Test
  void withoutASignatureItIsWorthNothing() {
    for (String none : List.of("none", "None", "NONE")) {
      String token = input("{\"alg\":\"" + none + "\",\"kid\":\"rsa-1\"}", wharf());
      for (String signature : List.of("", "AAAA")) {
        assertThat(ask("/v1/workorder", token + '.' + signature).statusCode()).isEqualTo(401);
      }
      assertThat(post(token + '.').statusCode()).isEqualTo(401);
    }
    String[] parts = good().split("\\.");
    assertRefused(Reason.SIGNATURE, parts[0] + '.' + parts[1] + ".AAAA");
    assertThat(ask("/v1/workorder", parts[0] + '.' + parts[1] + '.').statusCode()).isEqualTo(401);
  }

  @Test
  void thePublicKeyIsNoSecretOfHmac()
      throws GeneralSecurityException, com.nimbusds.jose.JOSEException {
    byte[] der = RSA.toRSAPublicKey().getEncoded();
    String pem =
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
            + "\n-----END PUBLIC KEY-----\n";
    for (byte[] secret :
        List.of(der, pem.getBytes(UTF_8), RSA.toPublicJWK().toJSONString().getBytes(UTF_8))) {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      String head = input("{\"alg\":\"HS256\",\"kid\":\"rsa-1\"}", wharf());
      assertRefused(
          Reason.ALGORITHM, head + '.' + Base64URL.encode(mac.doFinal(head.getBytes(UTF_8))));
    }
    // Asymmetric, of the same key, and not agreed on.
    assertRefused(Reason.ALGORITHM, signed(JWSAlgorithm.RS512, RSA, wharf()));
    assertRefused(
        Reason.ALGORITHM, signed(JWSAlgorithm.PS256, RSA, claims(issuer.issuer(), "pier-erp")));
  }

  @Test
  void aKeyOfAnotherKindDoesNotFit() {
    assertRefused(
        Reason.UNKNOWN_KEY,
        signed(new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("rsa-1").build(), EC, wharf()));
  }

  @Test
  void issuerAudienceAndClaimsHaveToBeTheAgreedOnes() {
    ObjectNode noAudience = wharf();
    noAudience.remove("aud");
    ObjectNode noIssuer = wharf();
    noIssuer.remove("iss");
    ObjectNode listedClaim = wharf();
    listedClaim.putArray("azp").add("wharf-erp");
    for (ObjectNode wrong :
        List.of(
            wharf().put("aud", "cmms-hub2"),
            wharf().put("aud", "CMMS-HUB"),
            wharf().put("aud", 7),
            noAudience,
            wharf().put("iss", issuer.issuer() + "/"),
            wharf().put("iss", issuer.issuer().replace("127.0.0.1", "localhost")),
            wharf().put("iss", "https://evil.example"),
            noIssuer,
            wharf().put("azp", "nobody"),
            listedClaim)) {
      assertRefused(Reason.ISSUER, signed(JWSAlgorithm.RS256, RSA, wrong));
    }
  }

  @Test
  void severalAudiencesAreFineUntilTheyMeanSeveral() {
    ObjectNode several = wharf();
    several.putArray("aud").add("account").add("cmms-hub");
    assertThat(ask("/v1/workorder", signed(JWSAlgorithm.RS256, RSA, several)).statusCode())
        .isEqualTo(200);
    ObjectNode both = wharf();
    both.putArray("aud").add("second").add("cmms-hub");
    assertRefused(Reason.AMBIGUOUS, signed(JWSAlgorithm.RS256, RSA, both));
  }

  @Test
  void timeCountsWithAMinuteOfSkew() {
    long now = java.time.Instant.now().getEpochSecond();
    assertThat(
            ask("/v1/workorder", signed(JWSAlgorithm.RS256, RSA, wharf().put("exp", now - 30)))
                .statusCode())
        .isEqualTo(200);
    assertThat(
            ask("/v1/workorder", signed(JWSAlgorithm.RS256, RSA, wharf().put("nbf", now + 30)))
                .statusCode())
        .isEqualTo(200);
    assertRefused(
        Reason.EXPIRED,
        "token-expired",
        signed(JWSAlgorithm.RS256, RSA, wharf().put("exp", now - 90)));
    assertRefused(
        Reason.EARLY,
        "token-not-yet-valid",
        signed(JWSAlgorithm.RS256, RSA, wharf().put("nbf", now + 90)));
    // Of one that is not genuine nobody learns that it is over.
    assertRefused(
        Reason.SIGNATURE, signed(JWSAlgorithm.RS256, FOREIGN_RSA, wharf().put("exp", now - 90)));
    ObjectNode endless = wharf();
    endless.remove("exp");
    assertRefused(Reason.ENDLESS, signed(JWSAlgorithm.RS256, RSA, endless));
    assertRefused(Reason.ENDLESS, signed(JWSAlgorithm.RS256, RSA, wharf().put("exp", "never")));
    assertRefused(Reason.ENDLESS, signed(JWSAlgorithm.RS256, RSA, wharf().put("exp", 1e300)));
  }

  @Test
  void aKnownTokenEndsWithItsTimeToo() {
    long end = java.time.Instant.now().getEpochSecond() - 57;
    String token = signed(JWSAlgorithm.RS256, RSA, wharf().put("exp", end));
    assertThat(ask("/v1/workorder", token).statusCode()).isEqualTo(200);
    assertThat(eventually(() -> ask("/v1/workorder", token).statusCode() == 401)).isTrue();
  }

  @Test
  void aKeyIdIsAnIdAndNothingElse() {
    int fetched = attacker.asked().size();
    for (String id :
        List.of(
            "../../../../../../etc/passwd",
            "/dev/null",
            "x' UNION SELECT 'secret' --",
            attacker.jwks(),
            "file:///etc/hostname",
            "${env:PATH}",
            "",
            "rsa-1\u0000")) {
      assertRefused(Reason.UNKNOWN_KEY, with(header -> header.keyID(id)));
    }
    assertThat(attacker.asked()).hasSize(fetched);
  }

  @Test
  void aTokenDoesNotBringItsKey() {
    int fetched = attacker.asked().size();
    assertRefused(
        Reason.HEADER,
        signed(
            new JWSHeader.Builder(JWSAlgorithm.RS256)
                .keyID("rsa-1")
                .jwk(FOREIGN_RSA.toPublicJWK())
                .build(),
            FOREIGN_RSA,
            wharf()));
    assertRefused(Reason.HEADER, with(h -> h.jwkURL(URI.create(attacker.jwks()))));
    assertRefused(Reason.HEADER, with(h -> h.x509CertURL(URI.create(attacker.jwks()))));
    assertRefused(
        Reason.HEADER,
        with(
            h -> h.x509CertChain(List.of(com.nimbusds.jose.util.Base64.encode("no certificate")))));
    assertRefused(
        Reason.HEADER,
        with(h -> h.criticalParams(new HashSet<>(Set.of("exp"))).customParam("exp", 1)));
    assertRefused(
        Reason.HEADER, with(h -> h.type(new com.nimbusds.jose.JOSEObjectType("dpop+jwt"))));
    assertThat(attacker.asked()).hasSize(fetched);
  }

  /** The foreign issuer has a key of the same id. */
  @Test
  void anIssuerSpeaksForItsOwnTenantsOnly() {
    assertRefused(Reason.SIGNATURE, signed(JWSAlgorithm.RS256, FOREIGN_RSA, wharf()));
    assertRefused(
        Reason.SIGNATURE, signed(JWSAlgorithm.RS256, RSA, claims(foreign.issuer(), "wharf-erp")));
    assertThat(ask("/v1/workorder", ofIsland()).statusCode()).isEqualTo(200);
  }

  @Test
  void whatIsNoTokenIsRefused() {
    assertRefused(Reason.MALFORMED, good() + "A".repeat(6000));
    assertRefused(Reason.MALFORMED, "eyJ.eyJ.eyJ");
    assertRefused(
        Reason.MALFORMED,
        Base64URL.encode("{\"alg\":\"RS256\"}") + "." + Base64URL.encode("[".repeat(4000)) + ".AA");
    assertRefused(
        Reason.MALFORMED,
        Base64URL.encode("{\"alg\":" + "[".repeat(4000)) + "." + Base64URL.encode("{}") + ".AA");
    assertRefused(
        Reason.MALFORMED,
        Base64URL.encode("{\"alg\":\"RS256\"}")
            + "."
            + Base64URL.encode("{\"iss\":\"a\",\"iss\":\"b\"}")
            + ".AA");
    assertThat(ask("/v1/workorder", "a" + "b".repeat(9000)).statusCode()).isEqualTo(431);
  }

  @Test
  void rightsAndTheTenantsToggleHold() {
    String reader = signed(JWSAlgorithm.RS256, RSA, claims(issuer.issuer(), "pier-erp"));
    assertThat(ask("/v1/workorder", reader).statusCode()).isEqualTo(200);
    HttpResponse<String> forbidden = post(reader);
    assertThat(forbidden.statusCode()).isEqualTo(403);
    assertThat(problem(forbidden).get("detail").asText()).contains("token 'idp' may not publish");
    HttpResponse<String> asleep =
        post(signed(JWSAlgorithm.RS256, RSA, claims(issuer.issuer(), "asleep-erp")));
    assertThat(asleep.statusCode()).isEqualTo(403);
    assertThat(problem(asleep).get("code").asText()).isEqualTo("tenant-disabled");
  }

  @Test
  void allTokensOfAnIssuerShareItsLimits() {
    ObjectNode slow = claims(issuer.issuer(), "any").put("aud", "slow");
    int limited = 0;
    for (int i = 0; i < 5; i++) {
      String another = signed(JWSAlgorithm.RS256, RSA, slow.put("jti", "t" + i));
      limited += ask("/v1/workorder", another).statusCode() == 429 ? 1 : 0;
    }
    assertThat(limited).isBetween(3, 4);
  }

  @Test
  void withoutItsKeysATokenIsAnswered503() {
    HttpResponse<String> answer =
        ask(
            "/v1/workorder",
            signed(JWSAlgorithm.RS256, RSA, claims("http://127.0.0.1:" + SILENT, "x")));
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("retry-after")).hasValue("2");
    assertThat(problem(answer).get("code").asText()).isEqualTo("token-keys-unavailable");
    assertThat(problem(answer).get("retryable").asBoolean()).isTrue();
  }

  @Test
  void forgedSignaturesAreNotCheckedWithoutEnd() {
    String known =
        signed(JWSAlgorithm.RS256, RSA, claims(issuer.issuer(), "x").put("aud", "second"));
    assertThat(ask("/v1/workorder", known).statusCode()).isEqualTo(200);
    HttpResponse<String> answer = null;
    int checked = 0;
    for (int i = 0; i < 5_000 && (answer == null || answer.statusCode() == 401); i++) {
      ObjectNode forged = claims(issuer.issuer(), "x").put("aud", "second").put("jti", "f" + i);
      answer = ask("/v1/workorder", signed(JWSAlgorithm.RS256, FOREIGN_RSA, forged));
      checked += answer.statusCode() == 401 ? 1 : 0;
    }
    assertThat(checked).isGreaterThanOrEqualTo(20);
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("retry-after")).hasValue("1");
    assertThat(problem(answer).get("code").asText()).isEqualTo("token-checks-busy");
    assertThat(ask("/v1/workorder", known).statusCode()).as("checked before").isEqualTo(200);
    String another =
        signed(
            JWSAlgorithm.RS256,
            RSA,
            claims(issuer.issuer(), "x").put("aud", "second").put("jti", "late"));
    assertThat(eventually(() -> ask("/v1/workorder", another).statusCode() == 200)).isTrue();
  }
}
