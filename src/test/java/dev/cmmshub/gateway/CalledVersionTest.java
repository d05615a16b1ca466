package dev.cmmshub.gateway;

import static dev.cmmshub.TestHub.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cmmshub.TestHub;
import dev.cmmshub.message.Json;
import dev.cmmshub.tenant.KeyHash;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both versions of a real hub, the older one of which is deprecated. */
class CalledVersionTest {
  private static TestHub hub;
  private static byte[] order;

  @BeforeAll
  static void start() throws IOException {
    order =
        Files.readAllBytes(Path.of("connectors/odoo/samples/workorder.from-erp.in-progress.json"));
    hub =
        TestHub.with(
            tenant("free", "") + tenant("old", "api: [v1]") + tenant("new", "api: [v2]"),
            Map.of(
                "hub.api.v1.deprecation", "2026-01-31",
                "hub.api.v1.sunset", "2026-02-01",
                "hub.api.v1.link", "https://docs.example.com/moving"));
  }

  @AfterAll
  static void end() {
    hub.close();
  }

  private static String tenant(String name, String more) {
    return """
      %s:
        keys: [{id: k, sha256: "%s"}]
        systems: {odoo: {connector: odoo}, erp: {connector: generic-soap}}
        %s
    """
        .formatted(name, KeyHash.of("key-of-" + name), more);
  }

  private static HttpRequest.Builder request(String path, String tenant) {
    return HttpRequest.newBuilder(hub.address(path))
        .header("X-API-Key", "key-of-" + tenant)
        .timeout(Duration.ofSeconds(20));
  }

  private static HttpResponse<String> get(String path, String tenant) {
    return hub.send(request(path, tenant).GET());
  }

  private static HttpResponse<String> post(String path, String tenant) {
    HttpRequest.Builder request =
        request(path, tenant)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(order));
    if (path.startsWith("/v2/")) {
      request
          .header("ce-specversion", "1.0")
          .header("ce-id", "417-1")
          .header("ce-source", "/odoo")
          .header("ce-type", "com.odoo.changed");
    }
    return hub.send(request);
  }

  private static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  @Test
  void whatOneVersionTakesTheOtherTellsAndCountsForBoth() {
    String location = header(post("/v1/events/odoo", "free"), "Location");
    assertThat(location).startsWith("/v1/events/");
    String later = header(post("/v2/events/odoo", "free"), "Location");
    assertThat(later).startsWith("/v2/events/");
    for (String path : new String[] {location.replace("/v1/", "/v2/"), later}) {
      assertThat(eventually(() -> get(path, "free").body().contains("applied"))).isTrue();
    }
    HttpResponse<String> page = get("/v2/workorder", "free");
    String id = Json.read(page.body().getBytes(StandardCharsets.UTF_8)).at("/items/0/id").asText();
    assertThat(get("/v2/workorder/" + id, "free").body())
        .isEqualTo(get("/v1/workorder/" + id, "free").body())
        .contains("mechanical seal");
    String metrics = hub.admin("/q/metrics");
    for (String version : new String[] {"v1", "v2"}) {
      assertThat(metrics)
          .containsPattern(
              "hub_gateway_requests_total\\{tenant=\"free\",version=\"" + version + "\"} [1-9]");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/v1/events/odoo", "/v1/events/nothing", "/v1/nothing/at/all", "/v1/soap/erp"})
  void everyAnswerOfTheDeprecatedOneSaysSo(String path) {
    HttpResponse<String> answer = post(path, "free");
    assertThat(header(answer, "Deprecation")).as(answer.body()).isEqualTo("@1769817600");
    assertThat(header(answer, "Sunset")).isEqualTo("Sun, 01 Feb 2026 00:00:00 GMT");
    assertThat(header(answer, "Link"))
        .contains("<https://docs.example.com/moving>; rel=\"sunset\"")
        .contains("<" + path.replace("/v1/", "/v2/") + ">; rel=\"successor-version\"");
    assertThat(header(get("/v1/workorder", "nobody"), "Deprecation")).isNotEmpty();
    assertThat(header(get("/v2/workorder", "free"), "Deprecation")).isEmpty();
  }

  @Test
  void aTenantCallsOnlyWhatItIsPinnedTo() {
    assertThat(post("/v1/events/odoo", "old").statusCode()).isEqualTo(202);
    assertThat(post("/v2/events/odoo", "new").statusCode()).isEqualTo(202);
    for (HttpResponse<String> refused :
        List.of(
            post("/v2/events/odoo", "old"),
            get("/v2/workorder", "old"),
            post("/v1/events/odoo", "new"),
            get("/v1/events/46ac1115-a714-5995-8a39-7a8ecd5d1477", "new"))) {
      assertThat(refused.statusCode()).as(refused.body()).isEqualTo(403);
      assertThat(refused.body()).contains("version-not-allowed").contains("but v");
    }
  }

  @Test
  void aVersionInHeaderOrQueryChoosesNothing() {
    HttpResponse<String> answer =
        hub.send(request("/v2/workorder?version=v1", "old").header("version", "v1").GET());
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(hub.admin("/q/metrics"))
        .containsPattern("hub_gateway_requests_total\\{tenant=\"old\",version=\"v2\"} [1-9]")
        .doesNotContain("version=\"null\"");
  }

  @Test
  void theTableIsPublicAndOtherVersionsAreNotThere() {
    HttpResponse<String> table = hub.send(HttpRequest.newBuilder(hub.address("/versions")).GET());
    assertThat(table.body())
        .contains("{\"name\":\"v1\",\"status\":\"deprecated\"")
        .contains("{\"name\":\"v2\",\"status\":\"current\"");
    assertThat(post("/v3/events/odoo", "free").body()).contains("unknown-version");
    // What begins with no version is none of the routes that take any.
    assertThat(get("/free/workorder", "free").body()).contains("http-404");
    assertThat(get("/free/events/1", "free").body()).contains("http-404");
    assertThat(post("/free/soap/erp", "free").statusCode()).isIn(404, 405);
  }

  /** The contract has a version of its own: both serve it, each under its own address. */
  @Test
  void soapIsServedUnderBoth() throws IOException {
    assertThat(get("/v2/soap/erp?wsdl", "free").body()).contains("/v2/soap/erp");
    String payload =
        Files.readString(Path.of("connectors/generic-soap/samples/workorder.from-erp.full.xml"));
    String envelope =
        "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>"
            + payload.substring(payload.indexOf("?>") + 2)
            + "</s:Body></s:Envelope>";
    HttpResponse<String> answer =
        hub.send(
            request("/v2/soap/erp", "free")
                .header("Content-Type", "text/xml")
                .POST(HttpRequest.BodyPublishers.ofString(envelope)));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(header(answer, "Location")).startsWith("/v2/events/");
  }
}
