package dev.cmmshub.gateway.hook;

import static dev.cmmshub.TestHub.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.HookConnectors;
import dev.cmmshub.TestHub;
import dev.cmmshub.message.Json;
import dev.cmmshub.tenant.KeyHash;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What systems that sign in their own way notice of a real hub. */
class HooksTest {
  private static final String READER = "hub_test-of-hooks";
  private static final List<String> SCHEMES =
      List.of("signed-standard", "signed-frappe", "signed-stripe", "signed-github", "signed-own");
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  @TempDir private static Path folder;
  private static final List<String> LOGGED = new CopyOnWriteArrayList<>();
  private static TestHub hub;

  @BeforeAll
  static void start() throws IOException {
    StringBuilder tenants = new StringBuilder();
    for (String tenant : List.of("dock", "pier", "shut")) {
      tenants.append("  ").append(tenant).append(":\n");
      tenants.append("    enabled: ").append(!tenant.equals("shut")).append('\n');
      tenants.append(
          "    keys: [{id: k, sha256: \"%s\"}]\n".formatted(KeyHash.of(READER + tenant)));
      tenants.append("    systems:\n");
      for (String scheme : SCHEMES) {
        tenants.append(system(tenant, scheme, scheme, "true"));
      }
      tenants.append(system(tenant, "off", "signed-frappe", "false"));
      tenants.append(system(tenant, "erpnext", "erpnext", "true"));
    }
    tenants.append("  slow:\n    limits: {requestsPerSecond: 1, burst: 1, maxBody: 1kB}\n");
    tenants.append("    systems:\n").append(system("slow", "erp", "signed-github", "true"));
    watchLogs();
    hub = TestHub.with(tenants.toString(), HookConnectors.withAllOthers(folder.resolve("all")));
  }

  private static void watchLogs() {
    AbstractAppender appender =
        new AbstractAppender("hooks", null, null, true, Property.EMPTY_ARRAY) {
          @Override
          public void append(LogEvent event) {
            LOGGED.add(event.getMessage().getFormattedMessage() + " " + event.getThrown());
          }
        };
    appender.start();
    LoggerContext context = (LoggerContext) LogManager.getContext(false);
    context.getConfiguration().getRootLogger().addAppender(appender, Level.ALL, null);
    context.updateLoggers();
  }

  private static String system(String tenant, String name, String connector, String enabled)
      throws IOException {
    Sender sender = sender(tenant, name, connector);
    Path file = Files.writeString(folder.resolve(tenant + "." + name), sender.secret());
    return "      %s: {connector: %s, enabled: %s, hook: {token: \"%s\", secrets: [\"{{file:%s}}\"]}}\n"
        .formatted(name, connector, enabled, KeyHash.of(sender.token()), file);
  }

  private static Sender sender(String tenant, String name, String scheme) {
    String secret =
        scheme.equals("signed-standard")
            ? "whsec_" + KeyHash.of(tenant)
            : "secret-of-" + tenant + "-" + name;
    return new Sender(hub, scheme, "token-of-" + tenant + "-" + name, secret);
  }

  private static Sender sender(String scheme) {
    return sender("dock", scheme, scheme);
  }

  static Stream<String> schemes() {
    return SCHEMES.stream();
  }

  static Stream<String> schemesWithTime() {
    return SCHEMES.stream().filter(scheme -> !scheme.matches("signed-(frappe|github)"));
  }

  @AfterAll
  static void end() {
    hub.close();
  }

  private static String part() {
    return "{\"name\": \"P-%d\", \"version\": 1}".formatted(NUMBERS.incrementAndGet());
  }

  private static JsonNode json(HttpResponse<String> answer) {
    return Json.read(answer.body().getBytes(UTF_8));
  }

  private static JsonNode read(String tenant, String path) {
    return json(
        hub.send(
            HttpRequest.newBuilder(hub.address(path))
                .timeout(Duration.ofSeconds(20))
                .header("X-API-Key", READER + tenant)
                .GET()));
  }

  private static void isStored(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    String way = answer.headers().firstValue("Location").orElseThrow();
    assertThat(eventually(() -> read("dock", way).path("status").asText().equals("applied")))
        .isTrue();
  }

  private static HttpResponse<String> refused(
      HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(json(answer).path("code").asText()).isEqualTo(code);
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .isEqualTo("application/problem+json");
    return answer;
  }

  @ParameterizedTest
  @MethodSource("schemes")
  void whatIsSignedIsStored(String scheme) {
    String part = part();
    isStored(sender(scheme).post(part));
    String number = Json.read(part.getBytes(UTF_8)).get("name").asText();
    assertThat(read("dock", "/v1/part?limit=1000").path("items").findValuesAsText("partNumber"))
        .contains(number);
  }

  @Test
  void aDocumentOfErpNextIsStored() throws IOException {
    Sender erpnext = sender("dock", "erpnext", "signed-frappe");
    isStored(
        erpnext.post(
            Files.readString(
                Path.of("connectors/erpnext/samples/workorder.from-erp.repair-pending.json"))));
    assertThat(read("dock", "/v1/workorder").path("items").findValuesAsText("number"))
        .containsExactly("ACC-ASR-2026-00004");
  }

  @ParameterizedTest
  @MethodSource("schemes")
  void whatWasChangedOnItsWayIsRefused(String scheme) {
    Sender sender = sender(scheme);
    Map<String, String> headers = sender.sign(part(), Instant.now());
    HttpResponse<String> answer = refused(sender.send(part(), headers), 401, "wrong-signature");
    String header =
        answer.headers().firstValue("WWW-Authenticate").orElse("").replaceAll(".*\"(.*)\"", "$1");
    assertThat(headers).containsKey(header);
    assertThat(answer.body())
        .contains(
            header,
            scheme.matches(".*(standard|frappe)")
                ? scheme.replace("signed-", "scheme ")
                : "scheme hmac");
    headers.values().forEach(value -> assertThat(answer.body()).doesNotContain(value));
  }

  @ParameterizedTest
  @MethodSource("schemes")
  void anotherTenantsSecretIsNone(String scheme) {
    Sender own = sender(scheme);
    String foreign = sender("pier", scheme, scheme).secret();
    assertThat(foreign).isNotEqualTo(own.secret());
    Sender wrong = new Sender(hub, scheme, own.token(), foreign);
    refused(wrong.post(part()), 401, "wrong-signature");
  }

  @ParameterizedTest
  @MethodSource("schemes")
  void withoutOneOfItsHeadersARequestIsRefused(String scheme) {
    Sender sender = sender(scheme);
    String part = part();
    for (String header : sender.sign(part, Instant.now()).keySet()) {
      Map<String, String> headers = new HashMap<>(sender.sign(part, Instant.now()));
      headers.remove(header);
      assertThat(refused(sender.send(part, headers), 401, "no-signature").body()).contains(header);
    }
    // A key is worth nothing here.
    refused(sender.send(part, Map.of("X-API-Key", READER + "dock")), 401, "no-signature");
  }

  @ParameterizedTest
  @MethodSource("schemesWithTime")
  void fiveMinutesBeforeAndAfterAreTheMost(String scheme) {
    Sender sender = sender(scheme);
    for (int seconds : List.of(-310, 310, -86_400)) {
      String part = part();
      refused(
          sender.send(part, sender.sign(part, Instant.now().plusSeconds(seconds))),
          401,
          "outdated-signature");
    }
    for (int seconds : List.of(-290, 290)) {
      String part = part();
      assertThat(
              sender.send(part, sender.sign(part, Instant.now().plusSeconds(seconds))).statusCode())
          .isEqualTo(202);
    }
  }

  @Test
  void oneOfTwoSignaturesIsEnough() {
    Sender sender = sender("signed-standard");
    String part = part();
    Map<String, String> headers = sender.sign(part, Instant.now());
    headers.merge("webhook-signature", "v1," + "A".repeat(43) + "= ", (old, add) -> add + old);
    isStored(sender.send(part, headers));
  }

  @Test
  void theAddressStandsUnderEveryVersionAndIsCounted() {
    Sender sender = sender("signed-standard");
    String part = part();
    HttpResponse<String> answer =
        sender.send(
            hub.address("/v2/hooks/" + sender.token()), part, sender.sign(part, Instant.now()));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    assertThat(answer.headers().firstValue("location").orElse("")).startsWith("/v2/events/");
    assertThat(hub.admin("/q/metrics"))
        .containsPattern("hub_gateway_requests_total\\{[^}]*version=\"v2\"");
    assertThat(hub.send(HttpRequest.newBuilder(hub.address("/x/hooks/y")).GET()).statusCode())
        .isEqualTo(404);
  }

  /** The same object and version: the same event, whatever else the request says. */
  @ParameterizedTest
  @MethodSource("schemes")
  void aRequestThatIsRepeatedCountsOnce(String scheme) {
    Sender sender = sender(scheme);
    String part = part();
    Map<String, String> headers = sender.sign(part, Instant.now());
    HttpResponse<String> first = sender.send(part, headers);
    isStored(first);
    headers.put("Idempotency-Key", "another");
    for (int i = 0; i < 3; i++) {
      assertThat(sender.send(part, headers).body()).isEqualTo(first.body());
    }
    String way = first.headers().firstValue("Location").orElseThrow();
    isStored(sender.post(part()));
    assertThat(read("dock", way).path("steps").findValuesAsText("step"))
        .containsOnlyOnce("applied");
  }

  @Test
  void aSecretIsChangedWhileTheHubRuns() throws IOException {
    Sender old = sender("pier", "signed-stripe", "signed-stripe");
    assertThat(old.post(part()).statusCode()).isEqualTo(202);
    Sender next = new Sender(hub, old.scheme(), old.token(), "the-next-secret");
    refused(next.post(part()), 401, "wrong-signature");

    String both = "\"{{file:%1$s}}\", \"{{file:%1$s.next}}\"";
    Path file = folder.resolve("pier.signed-stripe");
    Files.writeString(folder.resolve("pier.signed-stripe.next"), next.secret());
    String text = Files.readString(hub.tenantsFile());
    replace(hub.tenantsFile(), text.replace("\"{{file:" + file + "}}\"", both.formatted(file)));
    assertThat(eventually(() -> next.post(part()).statusCode() == 202)).isTrue();
    assertThat(old.post(part()).statusCode()).isEqualTo(202);

    replace(file, "nobody-knows-it");
    assertThat(eventually(() -> old.post(part()).statusCode() == 401)).isTrue();
    assertThat(next.post(part()).statusCode()).isEqualTo(202);
  }

  private static void replace(Path file, String text) throws IOException {
    Path next = Files.writeString(folder.resolve("next"), text);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"token-of-dock-signed-githuc", "x", "%00", "token-of-dock", "..%2f", "{token}"})
  void allAddressesThatAreNoneGetOneAnswer(String token) {
    Sender github = sender("signed-github");
    String hash = KeyHash.of(github.token());
    String part = part();
    Map<String, String> headers = github.sign(part, Instant.now());
    String answer = github.send(address(token), part, headers).body();
    assertThat(answer)
        .contains("unknown-hook")
        .isEqualTo(refused(github.send(address(hash), "", Map.of()), 404, "unknown-hook").body());
    assertThat(github.send(address("y".repeat(2000)), part, headers).body()).isEqualTo(answer);
  }

  private static URI address(String token) {
    return hub.address("/v1/hooks/" + token.replace("{", "%7B").replace("}", "%7D"));
  }

  @Test
  void whoIsDisabledIsToldSoIfTheSignatureIsRight() {
    Sender shut = sender("shut", "signed-own", "signed-own");
    refused(shut.post(part()), 403, "tenant-disabled");
    refused(shut.send(part(), Map.of()), 401, "no-signature");
    Sender off = sender("dock", "off", "signed-frappe");
    refused(off.post(part()), 403, "system-disabled");
    refused(off.send(part(), off.sign(part(), Instant.now())), 401, "wrong-signature");
  }

  @Test
  void moreThanTheTenantTakesIsRefusedBeforeItIsHashed() {
    Sender slow = sender("slow", "erp", "signed-github");
    refused(slow.send("x".repeat(1025), Map.of()), 413, "too-large");
    refused(slow.send("x".repeat(1024), Map.of()), 401, "no-signature");
  }

  @Test
  void whatIsSignedIsReadLikeAnyOther() {
    Sender sender = sender("signed-github");
    refused(sender.post(""), 400, "empty-body");
    refused(sender.post("{"), 400, "malformed");
    refused(sender.post("{}"), 422, "no-key");
    Map<String, String> headers = sender.sign("<a/>", Instant.now());
    headers.put("Content-Type", "text/xml");
    refused(sender.send("<a/>", headers), 415, "unsupported-media-type");
  }

  @Test
  void nobodyUsesUpTheLimitsOfAnotherWithoutTheSecret() {
    Sender slow = sender("slow", "erp", "signed-github");
    Sender wrong = new Sender(hub, slow.scheme(), slow.token(), "guessed");
    for (int i = 0; i < 30; i++) {
      refused(wrong.post(part()), 401, "wrong-signature");
    }
    assertThat(slow.post(part()).statusCode()).isEqualTo(202);
    List<Integer> statuses = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      statuses.add(slow.post(part()).statusCode());
    }
    assertThat(statuses).contains(429).isSubsetOf(202, 429);
    assertThat(hub.admin("/q/metrics"))
        .containsPattern("hub_failures_total\\{class=\"wrong-signature\".*tenant=\"slow\"} 30");
  }

  @Test
  void aConnectorThatSaysSoEchoesAValidation() {
    Sender frappe = sender("signed-frappe");
    String html = "<script>alert(1)</script>";
    HttpResponse<String> echo =
        frappe.send(asking(frappe, "%3Cscript%3Ealert(1)%3C/script%3E"), "", Map.of());
    assertThat(echo.statusCode()).as(echo.body()).isEqualTo(200);
    assertThat(echo.body()).isEqualTo(html);
    assertThat(echo.headers().map())
        .containsEntry("Content-Type", List.of("text/plain; charset=utf-8"))
        .containsEntry("X-Content-Type-Options", List.of("nosniff"));
    assertThat(frappe.send(asking(frappe, "y".repeat(1024)), "", Map.of()).statusCode())
        .isEqualTo(200);
    refused(frappe.send(asking(frappe, "y".repeat(1025)), "", Map.of()), 400, "validation-token");

    Sender github = sender("signed-github");
    refused(github.send(asking(github, "abc"), "", Map.of()), 401, "no-signature");
    Sender off = sender("dock", "off", "signed-frappe");
    refused(off.send(asking(off, "abc"), "", Map.of()), 403, "system-disabled");
    Sender nobody = new Sender(hub, "signed-frappe", "no-token", "x");
    refused(nobody.send(asking(nobody, "abc"), "", Map.of()), 404, "unknown-hook");
    // One that is empty asks for nothing, and opens nothing.
    for (String empty : List.of("", "&validationToken=abc")) {
      refused(frappe.send(asking(frappe, empty), part(), Map.of()), 401, "no-signature");
    }
    for (String blank : List.of("%20", "%00", "null")) {
      assertThat(frappe.send(asking(frappe, blank), part(), Map.of()).statusCode()).isEqualTo(200);
    }
    // In a header it is not asked for.
    refused(frappe.send("", Map.of("validationToken", "abc")), 401, "no-signature");
  }

  private static URI asking(Sender sender, String validation) {
    return URI.create(sender.address() + "?validationToken=" + validation);
  }

  @Test
  void aQueryThatIsNoneIsRefused() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), hub.port())) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write(
              ("POST "
                      + sender("signed-github").address().getPath()
                      + "?%zz=%z HTTP/1.1\r\nHost: hub\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                  .getBytes(UTF_8));
      assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
          .startsWith("HTTP/1.1 400 ")
          .contains("http-400");
    }
  }

  @Test
  void theTokenIsInNoAnswerLogOrMetric() {
    List<String> answers = new ArrayList<>();
    for (String scheme : SCHEMES) {
      Sender sender = sender(scheme);
      for (HttpResponse<String> answer :
          List.of(
              sender.post(part()),
              sender.post("{"),
              sender.send(part(), Map.of()),
              sender.send("x".repeat(3 << 20), Map.of()),
              sender.send(URI.create(sender.address() + "/more"), "", Map.of()),
              sender.send(
                  URI.create(sender.address() + "?%zz=1".replace("%", "%25")), "", Map.of()),
              hub.send(HttpRequest.newBuilder(sender.address()).GET()),
              hub.send(HttpRequest.newBuilder(sender.address()).DELETE()))) {
        answers.add(answer.headers() + answer.body());
      }
    }
    assertThat(answers).hasSize(40).noneMatch(answer -> answer.contains("token-of-"));
    assertThat(LOGGED).isNotEmpty().noneMatch(line -> line.contains("token-of-"));
    assertThat(LOGGED).noneMatch(line -> line.contains("secret-of-"));
    assertThat(hub.admin("/q/metrics")).contains("gateway-hook").doesNotContain("token-of-");
  }
}
