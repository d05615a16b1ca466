package dev.cmmshub.gateway;

import static dev.cmmshub.TestHub.eventually;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.TestHub;
import dev.cmmshub.message.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Events as CloudEvents, in the three modes of HTTP, good and bad. */
class CloudEventsTest {
  private static final String PATH = "/v2/events/odoo";
  private static final String ONE = "application/cloudevents+json";
  private static final String BATCH = "application/cloudevents-batch+json";
  private static TestHub hub;
  private static String sample;

  @BeforeAll
  static void start() throws IOException {
    hub = TestHub.shared();
    sample =
        Files.readString(Path.of("connectors/odoo/samples/workorder.from-erp.in-progress.json"));
  }

  private static ObjectNode order() {
    int id = (int) (System.nanoTime() % 1_000_000_000);
    return ((ObjectNode) Json.read(sample.getBytes(UTF_8))).put("_id", id).put("id", id);
  }

  private static ObjectNode event() {
    ObjectNode event = Json.mapper().createObjectNode();
    event.put("specversion", "1.0").put("id", UUID.randomUUID().toString());
    event.put("source", "/odoo/plant-1").put("type", "com.odoo.changed");
    event.set("data", order());
    return event;
  }

  private static HttpResponse<String> post(String type, JsonNode body) {
    return hub.post(PATH, "river", type, Json.write(body));
  }

  private static JsonNode json(HttpResponse<String> answer, int status) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return Json.read(answer.body().getBytes(UTF_8));
  }

  private static boolean isApplied(String id) {
    return eventually(
        () -> hub.get("/v2/events/" + id, "river").body().contains("\"step\":\"applied\""));
  }

  private static HttpRequest.Builder binary(String id, JsonNode data) {
    return hub.request(PATH, "river")
        .header("Content-Type", "application/json; charset=UTF-8")
        .header("ce-specversion", "1.0")
        .header("ce-id", id)
        .header("ce-source", "/odoo/plant-1")
        .header("ce-type", "dev.cmmshub.workorder.completed.v1")
        .header("ce-subject", "Pump%20%E2%82%AC")
        .header("ce-time", "2026-03-06T13:42:17+01:00")
        .POST(HttpRequest.BodyPublishers.ofByteArray(Json.write(data)));
  }

  @Test
  void oneEventIsOneEventInWhicheverMode() {
    ObjectNode event = event();
    HttpResponse<String> answer = post(ONE + "; charset=utf-8", event);
    String id = json(answer, 202).get("id").asText();
    assertThat(answer.headers().firstValue("Location")).hasValue("/v2/events/" + id);
    assertThat(isApplied(id)).isTrue();

    HttpRequest.Builder same = binary(event.get("id").asText(), event.get("data"));
    assertThat(json(hub.send(same), 202).get("id").asText()).isEqualTo(id);
    JsonNode batched = json(post(BATCH, Json.mapper().createArrayNode().add(event)), 202);
    assertThat(batched.get("ids")).hasSize(1);
    assertThat(batched.at("/ids/0").asText()).isEqualTo(id);
    // Another tenant's event of the same name is another event.
    HttpResponse<String> foreign = hub.post("/v2/events/sap", "north", ONE, Json.write(event));
    assertThat(foreign.statusCode()).isNotEqualTo(202);
  }

  @Test
  void xmlComesAsTextAsBase64AndAsBody() throws IOException {
    String xml =
        Files.readString(Path.of("connectors/generic-soap/samples/workorder.from-erp.full.xml"));
    ObjectNode event = event().put("datacontenttype", "text/xml").put("data", xml);
    String text =
        json(hub.post("/v2/events/erp", "harbor", ONE, Json.write(event)), 202).get("id").asText();
    event.remove("data");
    event.put("data_base64", xml.getBytes(UTF_8));
    String bytes =
        json(hub.post("/v2/events/erp", "harbor", ONE, Json.write(event)), 202).get("id").asText();
    assertThat(bytes).isEqualTo(text);
    assertThat(
            eventually(
                () -> hub.get("/v2/events/" + text, "harbor").body().contains("\"applied\"")))
        .isTrue();
  }

  @Test
  void aBatchIsAnsweredInItsOrderAndAllOfItArrives() {
    var batch = Json.mapper().createArrayNode();
    for (int i = 0; i < 50; i++) {
      batch.add(event());
    }
    JsonNode answer = json(post(BATCH, batch), 202);
    assertThat(answer.get("ids")).hasSize(50);
    assertThat(json(post(BATCH, batch), 202)).isEqualTo(answer);
    assertThat(json(post(ONE, batch.get(49)), 202).get("id")).isEqualTo(answer.at("/ids/49"));
    for (JsonNode id : answer.get("ids")) {
      assertThat(isApplied(id.asText())).isTrue();
    }
  }

  @Test
  void ofABatchWithABadEventNothingIsTaken() {
    var batch = Json.mapper().createArrayNode();
    batch.add(event());
    batch.add(event().put("specversion", "0.3"));
    batch.add(event().put("data", 7));
    batch.add("no event");
    JsonNode problem = json(post(BATCH, batch), 422);
    assertThat(problem.get("code").asText()).isEqualTo("bad-events");
    assertThat(problem.get("errors").findValuesAsText("index")).containsExactly("1", "2", "3");
    assertThat(problem.at("/errors/0/detail").asText()).contains("specversion: expected 1.0");
    assertThat(problem.at("/errors/1/code").asText()).isEqualTo("unknown-event");
    // The good one was not taken, since nobody knows of it.
    String id = json(post(ONE, batch.get(0)), 202).get("id").asText();
    String way = hub.get("/v2/events/" + id, "river").body();
    assertThat(way.split("\"accepted\"")).hasSizeLessThanOrEqualTo(3);
    assertThat(json(post(BATCH, Json.mapper().createArrayNode()), 202).get("ids")).isEmpty();
    assertThat(json(hub.post("/v2/events/none", "river", BATCH, Json.write(batch)), 404))
        .isNotNull();
  }

  @Test
  void whatAttributesTellIsTold() {
    String id =
        json(
                hub.send(
                    binary(UUID.randomUUID().toString(), order())
                        .header("ce-correlationid", "line-7")
                        .header("ce-tenantid", "north")
                        .header("ce-partitionkey", "north|sap|workorder|1")),
                202)
            .get("id")
            .asText();
    assertThat(isApplied(id)).isTrue();
    assertThat(hub.get("/v2/events/" + id, "north").statusCode()).isEqualTo(404);
  }

  /** A request that must be refused, and how. */
  record Bad(String row, String headers, byte[] body) {
    @Override
    public String toString() {
      return row;
    }
  }

  private static Bad structured(String row, String json) {
    return new Bad(row, "Content-Type: " + ONE + "\r\n", json.getBytes(UTF_8));
  }

  private static Bad binary(String row, String more) {
    String headers =
        "Content-Type: application/json\r\nce-specversion: 1.0\r\nce-id: 1\r\nce-source: /a\r\n"
            + "ce-type: t\r\n";
    String name = more.substring(0, more.indexOf(':'));
    boolean twice = row.contains("twice");
    String kept = twice ? headers : headers.replaceFirst(name + ": [^\r]*\r\n", "");
    return new Bad(row, kept + (more.endsWith(":") ? "" : more + "\r\n"), sample.getBytes(UTF_8));
  }

  static Stream<Bad> bad() {
    String event = "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/a\",\"type\":\"t\"";
    return Stream.of(
        binary("no `ce-specversion` | 400 | cloudevent", "ce-specversion:"),
        binary("CloudEvents 0.3 | 400 | cloudevent", "ce-specversion: 0.3"),
        binary("no `ce-id` | 400 | cloudevent", "ce-id:"),
        binary("no `ce-source` | 400 | cloudevent", "ce-source:"),
        binary("no `ce-type` | 400 | cloudevent", "ce-type:"),
        binary("`ce-id` twice | 400 | cloudevent", "ce-id: 2"),
        binary("a line break in an attribute | 400 | cloudevent", "ce-subject: a%0D%0Ab"),
        binary("an attribute that is not UTF-8 | 400 | cloudevent", "ce-subject: %C0%A0"),
        structured("an attribute twice | 400 | malformed", event + ",\"id\":\"2\",\"data\":{}}"),
        structured("an attribute that is no text | 400 | cloudevent", event + ",\"time\":{}}"),
        structured("an event without data | 400 | empty-body", event + "}"),
        structured(
            "100,000 levels in the data | 400 | malformed",
            event + ",\"data\":" + "[".repeat(100_000)),
        structured(
            "100,000 levels in an extension | 400 | malformed",
            event + ",\"x\":" + "[".repeat(100_000)),
        structured(
            "data of an unknown shape | 422 | unknown-event", event + ",\"data\":{\"a\":1}}"),
        structured(
            "data of a type the connector does not read | 415 | unsupported-media-type",
            event + ",\"datacontenttype\":\"text/csv\",\"data\":\"a;b\"}"),
        new Bad(
            "another format of CloudEvents | 415 | unsupported-media-type",
            "Content-Type: application/cloudevents+avro\r\n",
            new byte[] {1}),
        new Bad(
            "CloudEvents in another charset | 415 | unsupported-media-type",
            "Content-Type: " + ONE + "; charset=iso-8859-1\r\n",
            (event + "}").getBytes(ISO_8859_1)),
        new Bad(
            "a batch that is no list | 400 | malformed",
            "Content-Type: " + BATCH + "\r\n",
            (event + "}").getBytes(UTF_8)),
        new Bad(
            "a batch of 501 events | 413 | batch-too-large",
            "Content-Type: " + BATCH + "\r\n",
            ("[" + "{},".repeat(500) + "{}]").getBytes(UTF_8)),
        new Bad(
            "a batch with a bad event | 422 | bad-events",
            "Content-Type: " + BATCH + "\r\n",
            "[{}]".getBytes(UTF_8)));
  }

  private static String send(String headers, byte[] body) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), hub.port())) {
      socket.setSoTimeout(10_000);
      String head =
          "POST "
              + PATH
              + " HTTP/1.1\r\nHost: hub\r\nX-API-Key: "
              + hub.key("river")
              + "\r\n"
              + headers
              + "Connection: close\r\nContent-Length: "
              + body.length
              + "\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(ISO_8859_1));
      socket.getOutputStream().write(body);
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  @ParameterizedTest
  @MethodSource("bad")
  void badInputGetsWhatTheTableSays(Bad bad) throws IOException {
    String[] row = bad.row().split(" \\| ");
    String answer = send(bad.headers(), bad.body());
    assertThat(answer).startsWith("HTTP/1.1 " + row[1] + " ");
    assertThat(answer)
        .containsIgnoringCase("content-type: application/problem+json")
        .contains("\"code\":\"" + row[2] + "\"")
        .doesNotContain("Exception");
    assertThat(Files.readString(Path.of("docs/security.md"))).contains("| " + bad.row() + " |");
  }

  @Test
  void namesOfCamelAndKafkaAsAttributesSteerNothing() throws IOException {
    List<String> names =
        List.of(
            "kafka.OVERRIDE_TOPIC",
            "CamelKafkaOverrideTopic",
            "kafka.KEY",
            "CamelHttpUri",
            "CamelBeanMethodName",
            "ce_tenantid",
            "topic");
    StringBuilder headers =
        new StringBuilder(
            "Content-Type: application/json\r\nce-specversion: 1.0\r\nce-id: "
                + UUID.randomUUID()
                + "\r\nce-source: /a\r\nce-type: kafka.OVERRIDE_TOPIC\r\n");
    ObjectNode event = event();
    for (String name : names) {
      headers.append("ce-").append(name).append(": evil-ce-topic\r\n");
      headers.append(name).append(": evil-ce-topic\r\n");
      event.put(name, "evil-ce-topic");
    }
    List<String> answers = new ArrayList<>();
    answers.add(send(headers.toString(), Json.write(order())));
    answers.add(send("Content-Type: " + ONE + "\r\n", Json.write(event)));
    var batch = Json.mapper().createArrayNode().add(event);
    answers.add(send("Content-Type: " + BATCH + "\r\n", Json.write(batch)));
    assertThat(answers)
        .allSatisfy(
            answer ->
                assertThat(answer).startsWith("HTTP/1.1 202 ").doesNotContain("evil-ce-topic"));
    assertThat(hub.topics()).doesNotContain("evil-ce-topic");
  }

  /** A line break of the wire ends the header; what follows is another one, or no HTTP. */
  @Test
  void aLineBreakInAHeaderAddsNothingToTheAnswer() throws IOException {
    String headers =
        "Content-Type: application/json\r\nce-specversion: 1.0\r\nce-source: /a\r\nce-type: t\r\n";
    for (String end : List.of("1\r\n X-Evil: 1", "1\nX-Evil: 1", "1\rX-Evil: 1")) {
      String answer = send(headers + "ce-id: " + end + "\r\n", sample.getBytes(UTF_8));
      assertThat(answer.toLowerCase(java.util.Locale.ROOT)).doesNotContain("x-evil");
    }
  }
}
