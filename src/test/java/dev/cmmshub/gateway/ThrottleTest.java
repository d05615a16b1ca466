package dev.cmmshub.gateway;

import static dev.cmmshub.TestHub.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cmmshub.TestHub;
import dev.cmmshub.message.Json;
import dev.cmmshub.tenant.KeyHash;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What callers of a real hub notice of limits. Each test has a tenant of its own. */
class ThrottleTest {
  private static final String ITEM = "\"[a-z-]+\"(;[a-z]+=([0-9]+|\"[a-z-]+\"))+";
  private static TestHub hub;
  private static byte[] order;

  @BeforeAll
  static void start() throws IOException {
    order =
        Files.readAllBytes(Path.of("connectors/odoo/samples/workorder.from-erp.in-progress.json"));
    hub =
        TestHub.with(
            tenant("slow", "requestsPerSecond: 5, burst: 5")
                + tenant("refused", "requestsPerSecond: 1, burst: 1")
                + tenant("alone", "requestsPerSecond: 1, burst: 1")
                + tenant("readers", "requestsPerSecond: 1, burst: 1")
                + tenant("soapy", "requestsPerSecond: 1, burst: 1")
                + tenant("heavy", "bytesPerSecond: 1, maxBody: 8kB")
                + tenant("narrow", "inFlight: 1")
                + tenant("crowded", "inFlight: 1")
                + tenant("steady", "requestsPerSecond: 50, burst: 50"));
  }

  @AfterAll
  static void end() {
    hub.close();
  }

  private static String tenant(String name, String limits) {
    return """
      %s:
        keys: [{id: k, sha256: "%s"}]
        systems: {odoo: {connector: odoo}, erp: {connector: generic-soap}}
        limits: {%s}
    """
        .formatted(name, KeyHash.of("key-of-" + name), limits);
  }

  private static HttpRequest.Builder request(String path, String tenant) {
    return HttpRequest.newBuilder(hub.address(path))
        .header("X-API-Key", "key-of-" + tenant)
        .timeout(Duration.ofSeconds(20));
  }

  private static HttpRequest.Builder posting(String tenant, byte[] body) {
    return request("/v1/events/odoo", tenant)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofByteArray(body));
  }

  private static HttpResponse<String> post(String tenant) {
    return hub.send(posting(tenant, order));
  }

  /** The first answer that is a refusal for its rate; there must be one soon. */
  private static HttpResponse<String> firstRefused(HttpRequest.Builder request) {
    for (int i = 0; i < 100; i++) {
      HttpResponse<String> answer = hub.send(request);
      if (answer.statusCode() == 429) {
        return answer;
      }
    }
    throw new AssertionError("nothing is refused");
  }

  private static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  private static boolean isMetric(String line) {
    return hub.admin("/q/metrics").lines().anyMatch(line::equals);
  }

  /** A rate that a machine with much else to do sends, too. */
  @Test
  void aTenantGetsItsRateAndAnotherAllOfItsOwn() {
    long begin = System.nanoTime();
    int through = 0;
    int refused = 0;
    double seconds = 0;
    while (seconds < 4) {
      int status = post("slow").statusCode();
      assertThat(status).isIn(202, 429);
      through += status == 202 ? 1 : 0;
      refused += status == 429 ? 1 : 0;
      if (refused % 20 == 1) {
        assertThat(hub.post("/v1/events/odoo", "river", "application/json", order).statusCode())
            .isEqualTo(202);
      }
      seconds = (System.nanoTime() - begin) / 1e9;
    }
    System.err.printf("5/s, burst 5: %d through in %.2f s%n", through, seconds);
    assertThat(refused).isPositive();
    assertThat((double) through).isBetween(18.0, (5 + 5 * seconds) * 1.1);
  }

  @Test
  void aRefusalIsAProblemThatTellsWhenToComeAgain() {
    HttpResponse<String> answer = firstRefused(posting("refused", order));
    assertThat(header(answer, "Content-Type")).isEqualTo("application/problem+json");
    assertThat(Json.read(answer.body().getBytes(StandardCharsets.UTF_8)))
        .hasToString(
            "{\"type\":\"about:blank\",\"title\":\"Too Many Requests\",\"status\":429,"
                + "\"detail\":\"more than 1 requests a second: send the same again after 1 s, or"
                + " ask the hub's administrator for more\",\"code\":\"rate-limited\","
                + "\"retryable\":true}");
    assertThat(header(answer, "Retry-After")).isEqualTo("1");
    assertThat(header(answer, "RateLimit")).isEqualTo("\"requests\";r=0;t=1");
    assertThat(header(answer, "RateLimit-Policy"))
        .startsWith("\"requests\";q=1;w=1, ")
        .matches(ITEM + "(, " + ITEM + ")*");
    assertThat(isMetric("hub_throttle_local 0.0")).isTrue();
    assertThat(hub.admin("/q/metrics"))
        .containsPattern("hub_throttled_total\\{limit=\"requests\",tenant=\"refused\"} [1-9]")
        .contains("hub_throttled_total{limit=\"bytes\",tenant=\"refused\"} 0.0")
        .doesNotContain("tenant=\"unknown\",limit");
  }

  @Test
  void acceptedAndReadTellsWhatIsLeft() {
    HttpResponse<String> posted = post("steady");
    assertThat(posted.statusCode()).isEqualTo(202);
    HttpResponse<String> read = hub.send(request("/v1/workorder", "steady").GET());
    assertThat(read.statusCode()).isEqualTo(200);
    for (HttpResponse<String> answer : List.of(posted, read)) {
      assertThat(header(answer, "RateLimit")).matches("\"requests\";r=[0-9]+;t=1");
      assertThat(header(answer, "RateLimit-Policy")).startsWith("\"requests\";q=50;w=1, ");
      assertThat(answer.headers().firstValue("Retry-After")).isEmpty();
    }
  }

  @Test
  void readsAreCountedAndRequestsWithoutAKeyAreNobodys() {
    assertThat(firstRefused(request("/v1/workorder", "readers").GET()).body())
        .contains("rate-limited");
    HttpResponse<String> unknown =
        hub.send(
            HttpRequest.newBuilder(hub.address("/v1/workorder")).header("X-API-Key", "no").GET());
    assertThat(unknown.statusCode()).isEqualTo(401);
    assertThat(header(unknown, "RateLimit")).isEmpty();
    assertThat(hub.get("/v1/workorder", "river").statusCode()).isEqualTo(200);
  }

  @Test
  void aSoapCallerGetsAFaultWith429() throws IOException {
    String xml =
        Files.readString(Path.of("connectors/generic-soap/samples/workorder.from-erp.full.xml"));
    for (String envelope :
        List.of(
            "http://schemas.xmlsoap.org/soap/envelope/",
            "http://www.w3.org/2003/05/soap-envelope")) {
      String soap =
          "<s:Envelope xmlns:s=\""
              + envelope
              + "\"><s:Body>"
              + xml.substring(xml.indexOf("?>") + 2)
              + "</s:Body></s:Envelope>";
      HttpResponse<String> answer =
          firstRefused(
              request("/v1/soap/erp", "soapy")
                  .header("Content-Type", "text/xml")
                  .POST(HttpRequest.BodyPublishers.ofString(soap)));
      assertThat(answer.body())
          .contains("Fault>")
          .contains("code>rate-limited<")
          .contains("retryable>true<");
      assertThat(header(answer, "Retry-After")).isEqualTo("1");
      assertThat(header(answer, "RateLimit")).isEqualTo("\"requests\";r=0;t=1");
    }
  }

  @Test
  void bytesAreLimited() {
    HttpResponse<String> answer = firstRefused(posting("heavy", order));
    assertThat(header(answer, "RateLimit")).matches("\"bytes\";r=0;t=[0-9]+");
    assertThat(Integer.parseInt(header(answer, "Retry-After"))).isGreaterThan(1);
    // Too large is too large, whatever is left: coming again would not help.
    assertThat(hub.send(request("/v1/workorder", "heavy").GET()).statusCode()).isEqualTo(200);
  }

  /**
   * There is one place. Whatever the answer was, it is free again, if a moment later than the
   * caller has read the answer.
   */
  @Test
  void aPlaceIsGivenBackOnEveryWay() {
    byte[] none = {};
    byte[] bad = "{".getBytes(StandardCharsets.UTF_8);
    byte[] large = new byte[3 << 20];
    for (int i = 0; i < 3; i++) {
      answers(202, posting("narrow", order));
      answers(400, posting("narrow", none));
      answers(400, posting("narrow", bad));
      answers(413, posting("narrow", large));
      answers(404, request("/v1/nothing", "narrow").GET());
      answers(200, request("/v1/workorder", "narrow").GET());
    }
  }

  private static void answers(int status, HttpRequest.Builder request) {
    assertThat(eventually(() -> hub.send(request).statusCode() == status))
        .as("%d", status)
        .isTrue();
  }

  @Test
  void moreAtOnceThanATenantMayAreRefused() {
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      answers.add(
          client.sendAsync(
              posting("crowded", order).build(), HttpResponse.BodyHandlers.ofString()));
    }
    List<HttpResponse<String>> all = answers.stream().map(CompletableFuture::join).toList();
    assertThat(all).extracting(HttpResponse::statusCode).contains(202, 429).containsOnly(202, 429);
    assertThat(all)
        .filteredOn(answer -> answer.statusCode() == 429)
        .allMatch(answer -> header(answer, "RateLimit").equals("\"in-flight\";r=0;t=1"));
    answers(202, posting("crowded", order));
  }

  @Test
  void withoutRedisTheLimitHoldsAndNothingFails() {
    hub.hangRedis(true);
    try {
      assertThat(eventually(() -> isMetric("hub_throttle_local 1.0"))).isTrue();
      HttpResponse<String> answer = firstRefused(posting("alone", order));
      assertThat(header(answer, "Retry-After")).isEqualTo("1");
      for (int i = 0; i < 100; i++) {
        assertThat(post("steady").statusCode()).isIn(202, 429);
      }
    } finally {
      hub.hangRedis(false);
    }
    assertThat(eventually(() -> isMetric("hub_throttle_local 0.0"))).isTrue();
    answers(202, posting("steady", order));
  }
}
