package dev.cmmshub.gateway.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.message.Json;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What callers of each version are told, before, between and after its dates. */
class VersionGateTest {
  private static final Map<String, String> ENDING =
      Map.of(
          "hub.api.v1.deprecation", "2027-01-31",
          "hub.api.v1.sunset", "2027-07-04T08:00:00+02:00",
          "hub.api.v1.link", "https://docs.example.com/moving");

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-12-01T00:00:00Z"));
  private final Vertx vertx = Vertx.vertx();
  private HttpServer server;

  @AfterEach
  void end() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private void serve(Map<String, String> settings) {
    Properties properties = new Properties();
    properties.putAll(settings);
    Router router = Router.router(vertx);
    new VersionGate(ApiVersions.of(properties), clock()).guard(router);
    router.route().handler(context -> context.end(String.valueOf(VersionGate.of(context))));
    server =
        vertx
            .createHttpServer()
            .requestHandler(router)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
  }

  private Clock clock() {
    return new Clock() {
      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }

      @Override
      public Instant instant() {
        return now.get();
      }
    };
  }

  private HttpResponse<String> get(String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.actualPort() + path))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  private static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  private JsonNode first() throws Exception {
    return Json.read(get("/versions").body().getBytes(java.nio.charset.StandardCharsets.UTF_8))
        .at("/versions/0");
  }

  @Test
  void nothingIsSaidOfAVersionThatGoesOn() throws Exception {
    serve(Map.of());
    for (String version : List.of("v1", "v2")) {
      HttpResponse<String> answer = get("/" + version + "/workorder");
      assertThat(answer.body()).isEqualTo(version);
      assertThat(answer.headers().map()).doesNotContainKeys("deprecation", "sunset", "link");
    }
    assertThat(first().get("status").asText()).isEqualTo("current");
    assertThat(first().get("successor").asText()).isEqualTo("v2");
    assertThat(first().has("sunset")).isFalse();
  }

  @Test
  void aVersionThatEndsSaysSinceWhenUntilWhenAndWhereToGo() throws Exception {
    serve(ENDING);
    HttpResponse<String> answer = get("/v1/workorder/7");
    assertThat(answer.body()).isEqualTo("v1");
    assertThat(header(answer, "Deprecation")).isEqualTo("@1801353600");
    assertThat(header(answer, "Sunset")).isEqualTo("Sun, 04 Jul 2027 06:00:00 GMT");
    assertThat(header(answer, "Link"))
        .isEqualTo(
            "<https://docs.example.com/moving>; rel=\"deprecation\","
                + " <https://docs.example.com/moving>; rel=\"sunset\","
                + " </v2/workorder/7>; rel=\"successor-version\"");
    assertThat(get("/v2/workorder/7").headers().map()).doesNotContainKeys("deprecation", "link");
    assertThat(first().get("status").asText()).isEqualTo("current");
    now.set(Instant.parse("2027-01-31T00:00:00Z"));
    assertThat(first().get("status").asText()).isEqualTo("deprecated");
    assertThat(first().get("sunset").asText()).isEqualTo("2027-07-04T06:00:00Z");
  }

  @Test
  void afterItsSunsetItIsServedUnlessTheOperatorEnforcesIt() throws Exception {
    serve(ENDING);
    now.set(Instant.parse("2028-01-01T00:00:00Z"));
    assertThat(get("/v1/workorder").statusCode()).isEqualTo(200);
    assertThat(first().get("status").asText()).isEqualTo("deprecated");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/workorder", "/%76%31/workorder", "//v1/workorder", "/v2/../v1/a"})
  void anEnforcedSunsetIsTheEnd(String path) throws Exception {
    Map<String, String> settings = new java.util.HashMap<>(ENDING);
    settings.put("hub.api.v1.enforce", "true");
    serve(settings);
    assertThat(get(path).statusCode()).isEqualTo(200);
    now.set(Instant.parse("2027-07-04T06:00:00Z"));
    HttpResponse<String> answer = get(path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(410);
    assertThat(header(answer, "Content-Type")).isEqualTo("application/problem+json");
    assertThat(header(answer, "Link")).contains("rel=\"successor-version\"");
    assertThat(answer.body()).contains("version-retired").contains("use v2 (current)");
    assertThat(answer.body()).doesNotContain("v1 (");
    assertThat(get("/v2/workorder").statusCode()).isEqualTo(200);
    assertThat(first().get("status").asText()).isEqualTo("retired");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v3/events/sap", "/v0/workorder", "/v12", "/v3"})
  void aVersionThatIsNotThereNamesThoseThatAre(String path) throws Exception {
    serve(Map.of());
    HttpResponse<String> answer = get(path);
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body())
        .contains("unknown-version")
        .contains("use v1 (current), v2 (current)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/v", "/vx/a", "/versionsx", "/openapi.json", "/a/v3"})
  void allElseIsNotItsAffair(String path) throws Exception {
    serve(Map.of());
    assertThat(get(path).body()).isEqualTo("null");
  }

  /** A path that could end the header's value is not repeated in it. */
  @Test
  void aPathIsRepeatedOnlyIfItIsPlain() throws Exception {
    serve(Map.of("hub.api.v1.deprecation", "2027-01-31"));
    assertThat(header(get("/v1/a,b;c"), "Link")).isEmpty();
    assertThat(header(get("/v1/a-b"), "Link")).contains("</v2/a-b>");
  }

  @ParameterizedTest
  @CsvSource({
    "deprecation, soon, '2027-01-31'",
    "sunset, 2027-13-01, '2027-01-31'",
    "sunset, 2026-01-01, 'not before'",
    "link, not a link, 'https://'",
    "link, ftp://x, 'https://'",
    "enforce, yes, 'true or false'",
    "enforce, true, 'sunset'"
  })
  void aWrongSettingIsNamed(String setting, String value, String expected) {
    Properties properties = new Properties();
    if (setting.equals("sunset")) {
      properties.setProperty("hub.api.v1.deprecation", "2027-01-01");
    }
    properties.setProperty("hub.api.v1." + setting, value);
    assertThatThrownBy(() -> ApiVersions.of(properties))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("hub.api.v1." + setting + ": ")
        .hasMessageContaining(expected);
  }

  @Test
  void tenantsCanBePinnedToEachVersionThereIs() throws IOException {
    List<String> named = new ArrayList<>();
    Json.read(Files.readAllBytes(Path.of("src/main/resources/schema/tenants.schema.json")))
        .at("/$defs/tenant/properties/api/items/enum")
        .forEach(name -> named.add(name.asText()));
    assertThat(named).isEqualTo(ApiVersions.NAMES);
  }
}
