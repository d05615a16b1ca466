package dev.cmmshub;

import static dev.cmmshub.TestHub.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.message.Json;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The whole way of an event, seen from outside. */
class HubTest {
  private static final String JSON = "application/json";
  private static TestHub hub;

  @BeforeAll
  static void start() {
    hub = TestHub.shared();
  }

  private static byte[] order(String number, long version) throws IOException {
    ObjectNode document =
        (ObjectNode)
            Json.read(
                Files.readAllBytes(
                    Path.of("connectors/sap-s4hana/samples/workorder.from-erp.released.json")));
    ObjectNode entity = document.path("d") instanceof ObjectNode inner ? inner : document;
    entity.put("MaintenanceOrder", number).put("LastChangeDateTime", "/Date(" + version + ")/");
    return Json.write(document);
  }

  private static String number() {
    return "T" + UUID.randomUUID().toString().substring(0, 8).toUpperCase(java.util.Locale.ROOT);
  }

  private static JsonNode json(HttpResponse<String> answer) {
    return Json.read(answer.body().getBytes(StandardCharsets.UTF_8));
  }

  private static String accepted(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return json(answer).get("id").asText();
  }

  private static String status(String id, String tenant) {
    HttpResponse<String> answer = hub.get("/v1/events/" + id, tenant);
    return answer.statusCode() == 200 ? json(answer).get("status").asText() : "";
  }

  /** The object of a delivered event, found by its number. */
  private static JsonNode workOrder(String number, String tenant) {
    String cursor = "";
    while (true) {
      JsonNode page = json(hub.get("/v1/workorder?limit=1000" + cursor, tenant));
      for (JsonNode item : page.get("items")) {
        if (item.get("number").asText().equals(number)) {
          return item;
        }
      }
      if (page.get("next").isNull()) {
        return null;
      }
      cursor = "&cursor=" + page.get("next").asText();
    }
  }

  @Test
  void anEventIsStoredAndToldAndItsWayCanBeSeen() throws IOException {
    String number = number();
    int before = hub.counterparts().taken();
    HttpResponse<String> answer =
        hub.post("/v1/events/sap", "north", JSON, order(number, 1_780_000_000_000L));
    String id = accepted(answer);
    assertThat(answer.headers().firstValue("Location")).hasValue("/v1/events/" + id);
    assertThat(eventually(() -> status(id, "north").equals("delivered"))).isTrue();
    assertThat(hub.counterparts().taken()).isGreaterThan(before);

    JsonNode object = workOrder(number, "north");
    assertThat(object.get("tenantId").asText()).isEqualTo("north");
    String path = "/v1/workorder/" + object.get("id").asText();
    HttpResponse<String> read = hub.get(path, "north");
    assertThat(json(read).get("number").asText()).isEqualTo(number);
    String etag = read.headers().firstValue("ETag").orElseThrow();
    assertThat(
            hub.send(hub.request(path, "north").header("If-None-Match", etag).GET()).statusCode())
        .isEqualTo(304);
  }

  @Test
  void anotherTenantSeesNothingOfIt() throws IOException {
    String number = number();
    String id =
        accepted(hub.post("/v1/events/sap", "north", JSON, order(number, 1_780_000_000_000L)));
    assertThat(eventually(() -> status(id, "north").equals("delivered"))).isTrue();
    String object = workOrder(number, "north").get("id").asText();
    assertThat(hub.get("/v1/workorder/" + object, "river").statusCode()).isEqualTo(404);
    assertThat(hub.get("/v1/events/" + id, "river").statusCode()).isEqualTo(404);
    assertThat(workOrder(number, "river")).isNull();
    assertThat(hub.get("/v1/workorder/" + object, "harbor").statusCode()).isEqualTo(404);
  }

  @Test
  void theSameVersionHasTheSameIdAndAnOlderOneChangesNothing() throws IOException {
    String number = number();
    String id =
        accepted(hub.post("/v1/events/sap", "north", JSON, order(number, 1_780_000_002_000L)));
    assertThat(
            accepted(hub.post("/v1/events/sap", "north", JSON, order(number, 1_780_000_002_000L))))
        .isEqualTo(id);
    assertThat(eventually(() -> status(id, "north").equals("delivered"))).isTrue();
    String older =
        accepted(hub.post("/v1/events/sap", "north", JSON, order(number, 1_780_000_001_000L)));
    assertThat(eventually(() -> status(older, "north").equals("superseded"))).isTrue();
    assertThat(workOrder(number, "north").get("sourceVersion").asLong())
        .isEqualTo(1_780_000_002_000L);
  }

  @Test
  void anIdempotencyKeyNamesTheRequest() throws IOException {
    String key = UUID.randomUUID().toString();
    byte[] body = order(number(), 1_780_000_000_000L);
    String first = withIdempotencyKey(key, body);
    assertThat(withIdempotencyKey(key, body)).isEqualTo(first);
    assertThat(withIdempotencyKey(key + "x", body)).isNotEqualTo(first);
  }

  private static String withIdempotencyKey(String key, byte[] body) {
    return accepted(
        hub.send(
            hub.request("/v1/events/sap", "north")
                .header("Content-Type", JSON)
                .header("Idempotency-Key", key)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))));
  }

  @Test
  void aRequisitionOfTheCmmsReachesSapAndNotTheCmms() throws IOException {
    ObjectNode requisition =
        (ObjectNode)
            Json.read(
                Files.readAllBytes(
                    Path.of(
                        "connectors/cmms-rest/samples/purchasedocument.from-erp.approved.json")));
    requisition.put("id", number()).put("revision", 1);
    String id = accepted(hub.post("/v1/events/cmms", "north", JSON, Json.write(requisition)));
    assertThat(eventually(() -> status(id, "north").equals("delivered"))).isTrue();
    JsonNode steps = json(hub.get("/v1/events/" + id, "north")).get("steps");
    assertThat(steps.findValuesAsText("to")).containsExactly("sap");
  }

  @Test
  void whatDoesNotFitTheCanonicalModelIsADeadLetterWithItsPath() throws IOException {
    byte[] body =
        new String(order(number(), 1_780_000_000_000L), StandardCharsets.UTF_8)
            .replaceFirst("\"MaintPriority\":\"[^\"]*\"", "\"MaintPriority\":{\"not\":\"a text\"}")
            .getBytes(StandardCharsets.UTF_8);
    String id = accepted(hub.post("/v1/events/sap", "north", JSON, body));
    assertThat(eventually(() -> status(id, "north").equals("dead-lettered"))).isTrue();
    String letters = hub.admin("/admin/v1/dead-letters?tenant=north");
    assertThat(letters).contains(id).contains("schema").contains("priority");
  }

  @Test
  void soapIsTakenInBothVersionsWithKeyOrUsernameToken() throws IOException {
    String payload =
        Files.readString(Path.of("connectors/generic-soap/samples/workorder.from-erp.full.xml"));
    String element = payload.substring(payload.indexOf("?>") + 2);
    String soap11 =
        "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>"
            + element.replaceFirst("(externalId>)[^<]*", "$1" + number())
            + "</s:Body></s:Envelope>";
    HttpResponse<String> one =
        hub.post("/v1/soap/erp", "harbor", "text/xml", soap11.getBytes(StandardCharsets.UTF_8));
    assertThat(one.statusCode()).as(one.body()).isEqualTo(200);
    assertThat(one.body()).contains("PublishEventResponse").contains("accepted");

    String security =
        "<s:Header><w:Security xmlns:w=\"http://docs.oasis-open.org/wss/2004/01/"
            + "oasis-200401-wss-wssecurity-secext-1.0.xsd\"><w:UsernameToken><w:Username>erp"
            + "</w:Username><w:Password>"
            + hub.key("harbor")
            + "</w:Password></w:UsernameToken></w:Security></s:Header>";
    String soap12 =
        soap11
            .replace(
                "http://schemas.xmlsoap.org/soap/envelope/",
                "http://www.w3.org/2003/05/soap-envelope")
            .replaceFirst("(externalId>)[^<]*", "$1" + number())
            .replace("<s:Body>", security + "<s:Body>");
    HttpResponse<String> two =
        hub.send(
            HttpRequest.newBuilder(
                    java.net.URI.create("http://127.0.0.1:" + hub.port() + "/v1/soap/erp"))
                .header("Content-Type", "application/soap+xml")
                .POST(HttpRequest.BodyPublishers.ofString(soap12)));
    assertThat(two.statusCode()).as(two.body()).isEqualTo(200);
    String id =
        two.headers().firstValue("Location").orElseThrow().substring("/v1/events/".length());
    assertThat(eventually(() -> status(id, "harbor").equals("delivered"))).isTrue();
  }

  @Test
  void theContractIsPublishedAndMetricsTellTheWay() {
    HttpResponse<String> wsdl = hub.get("/v1/soap/erp?wsdl", "harbor");
    assertThat(wsdl.statusCode()).as(wsdl.body()).isEqualTo(200);
    assertThat(wsdl.body()).contains("http://127.0.0.1:" + hub.port() + "/v1/soap/erp");
    assertThat(hub.get("/openapi.json", "north").body()).startsWith("{\"openapi\":\"3.1");
    assertThat(hub.admin("/q/health/ready")).contains("\"UP\"").doesNotContain("DOWN");
    assertThat(hub.admin("/q/metrics")).contains("hub_events_total{").contains("jvm_memory_used");
  }
}
