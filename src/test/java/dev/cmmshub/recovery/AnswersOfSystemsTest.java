package dev.cmmshub.recovery;

import static dev.cmmshub.TestHub.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.SapRequisitions;
import dev.cmmshub.ScriptedErp;
import dev.cmmshub.ScriptedErp.Answer;
import dev.cmmshub.TestAdmins;
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
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of an event, by what the ERP it is for answers: the whole way through the hub. */
class AnswersOfSystemsTest {
  private static final String KEY = "test-" + UUID.randomUUID();
  private static final String TENANT =
      """
        plant:
          enabled: true
          retry: {schedule: [500ms], maxAge: 1h}
          keys: [{id: test, sha256: "%1$s"}]
          systems:
            cmms:
              connector: cmms-rest
              parameters: {baseUrl: "%2$s", apiToken: "{{env:ERP_PASSWORD}}", responseTimeout: "700"}
            sap:
              connector: sap-s4hana
              parameters: {baseUrl: "%2$s", username: u, password: "{{env:ERP_PASSWORD}}", responseTimeout: "700"}
          subscriptions:
            - {to: sap, events: [purchasedocument.*]}
            - {to: cmms, events: [workorder.*]}
      """;

  private static ScriptedErp erp;
  private static TestHub hub;

  @BeforeAll
  static void start() {
    erp = new ScriptedErp();
    hub = TestHub.with(TENANT.formatted(KeyHash.of(KEY), erp.url()));
  }

  @AfterAll
  static void stop() {
    hub.close();
    erp.close();
  }

  @BeforeEach
  void forget() {
    erp.asked().clear();
  }

  /** Publishes a requisition that was approved in the CMMS; returns the event's id. */
  private static String approve() throws IOException {
    ObjectNode requisition =
        (ObjectNode)
            Json.read(
                Files.readAllBytes(
                    Path.of(
                        "connectors/cmms-rest/samples/purchasedocument.from-erp.approved.json")));
    requisition.put("id", "PR-" + UUID.randomUUID()).put("revision", 1);
    return publish("cmms", requisition);
  }

  private static String publish(String system, JsonNode document) {
    HttpResponse<String> answer =
        hub.send(
            HttpRequest.newBuilder(hub.address("/v1/events/" + system))
                .timeout(Duration.ofSeconds(20))
                .header("X-API-Key", KEY)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.write(document))));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return json(answer).get("id").asText();
  }

  private static JsonNode json(HttpResponse<String> answer) {
    return Json.read(answer.body().getBytes(StandardCharsets.UTF_8));
  }

  private static JsonNode history(String id) {
    HttpResponse<String> answer =
        hub.send(
            HttpRequest.newBuilder(hub.address("/v1/events/" + id)).header("X-API-Key", KEY).GET());
    return answer.statusCode() == 200 ? json(answer) : Json.mapper().createObjectNode();
  }

  private static boolean becomes(String id, String status) {
    return eventually(() -> history(id).path("status").asText().equals(status));
  }

  private static JsonNode step(String id, String name) {
    for (JsonNode step : history(id).path("steps")) {
      if (step.path("step").asText().equals(name)) {
        return step;
      }
    }
    return Json.mapper().missingNode();
  }

  private static Answer token(ScriptedErp.Asked one, Answer otherwise) {
    return one.forToken() ? new Answer(200, "{}") : otherwise;
  }

  @Test
  void aClosedPeriodWaitsForAnHourAndNotAsTheTenantSays() throws IOException {
    erp.answer(one -> token(one, new Answer(400, "{\"error\":{\"code\":\"M7/053\"}}")));
    String id = approve();
    assertThat(
            eventually(
                () -> step(id, "parked").path("reason").asText().startsWith("closed-period: ")))
        .isTrue();
    // Held first for two minutes, until the verdict gives it its time.
    assertThat(
            eventually(
                () ->
                    Instant.parse(step(id, "parked").path("at").asText())
                        .isAfter(Instant.now().plus(Duration.ofMinutes(40)))))
        .as("%s", history(id))
        .isTrue();
    assertThat(erp.writes()).hasSize(1);
    assertThat(eventually(() -> isGauged("hub_parked_events{age=\"1m\",")))
        .as("told by age")
        .isTrue();
    assertThat(isGauged("hub_parked_keys{")).isTrue();
    assertThat(isGauged("hub_parked_oldest_seconds{")).isTrue();
  }

  /** Whether a metric of the tenant is above nought. */
  private static boolean isGauged(String begins) {
    return hub.admin("/q/metrics")
        .lines()
        .filter(line -> line.startsWith(begins) && line.contains("tenant=\"plant\""))
        .anyMatch(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))) > 0);
  }

  @Test
  void aStaleTokenCostsOneMoreTry() throws IOException {
    AtomicInteger writes = new AtomicInteger();
    erp.answer(
        one ->
            !one.forToken() && writes.incrementAndGet() == 1
                ? new Answer(403, "CSRF token validation failed")
                : new Answer(201, "{}"));
    assertThat(becomes(approve(), "delivered")).isTrue();
    assertThat(erp.writes()).hasSize(2);
  }

  /** A redelivery within the route begins with the event's request, not with what the sink left. */
  @Test
  void aTokenThatIsNotGivenAtOnceLosesNoWrite() throws IOException {
    AtomicInteger tokens = new AtomicInteger();
    erp.answer(
        one ->
            one.forToken() && tokens.incrementAndGet() == 1
                ? new Answer(503, "")
                : new Answer(201, "{}"));
    assertThat(becomes(approve(), "delivered")).isTrue();
    assertThat(erp.writes()).hasSize(1);
    assertThat(erp.writes().get(0).path()).contains("A_PurchaseRequisitionHeader");
    assertThat(erp.writes().get(0).body()).contains("PurReqnExternalReference");
  }

  @Test
  void aRefusalOfTheValuesIsADeadLetter() throws IOException {
    erp.answer(one -> token(one, new Answer(400, "{\"error\":{\"code\":\"06/436\"}}")));
    String id = approve();
    assertThat(becomes(id, "dead-lettered")).isTrue();
    assertThat(erp.writes()).hasSize(1);
  }

  @Test
  void aWriteThatWasAppliedAndNotAnsweredIsFoundAndNotRepeated() throws IOException {
    SapRequisitions sap = new SapRequisitions();
    erp.answer(
        one -> {
          if (one.forToken()) {
            return new Answer(200, "{}");
          }
          if (SapRequisitions.isLookup(one)) {
            return sap.find(one);
          }
          sap.create(one);
          return ScriptedErp.SILENCE;
        });
    String id = approve();
    assertThat(becomes(id, "delivered")).as("%s", history(id)).isTrue();
    assertThat(sap.references()).hasSize(1);
    assertThat(erp.writes()).hasSize(1);
    assertThat(step(id, "found").path("to").asText()).isEqualTo("sap");
    assertThat(hub.admin("/q/metrics"))
        .containsPattern("hub_events_total\\{[^}]*outcome=\"found\"[^}]*tenant=\"plant\"");
  }

  @Test
  void aWriteThatBrokeOffBeforeItWasAppliedIsRepeated() throws IOException {
    SapRequisitions sap = new SapRequisitions();
    AtomicInteger writes = new AtomicInteger();
    erp.answer(
        one -> {
          if (one.forToken()) {
            return new Answer(200, "{}");
          }
          if (SapRequisitions.isLookup(one)) {
            return sap.find(one);
          }
          if (writes.incrementAndGet() == 1) {
            return ScriptedErp.HANG_UP;
          }
          sap.create(one);
          return new Answer(201, "{}");
        });
    String id = approve();
    assertThat(becomes(id, "delivered")).as("%s", history(id)).isTrue();
    assertThat(sap.references()).hasSize(1);
    assertThat(erp.writes()).hasSize(2);
    assertThat(step(id, "delivered").path("attempt").asInt()).isEqualTo(2);
  }

  /** While nobody can say whether it is there, nothing is written. */
  @Test
  void anOutcomeStaysUnknownUntilTheSystemTells() throws IOException {
    SapRequisitions sap = new SapRequisitions();
    AtomicInteger lookups = new AtomicInteger();
    erp.answer(
        one -> {
          if (one.forToken()) {
            return new Answer(200, "{}");
          }
          if (SapRequisitions.isLookup(one)) {
            // Down, then an answer that makes no sense, then locked: only then a sensible one.
            return switch (lookups.incrementAndGet()) {
              case 1, 2, 3 -> new Answer(503, "");
              case 4 -> new Answer(200, "<html>");
              case 5 -> new Answer(423, "");
              default -> sap.find(one);
            };
          }
          sap.create(one);
          return ScriptedErp.SILENCE;
        });
    String id = approve();
    assertThat(eventually(() -> step(id, "parked").path("reason").asText().startsWith("unknown: ")))
        .as("%s", history(id))
        .isTrue();
    assertThat(becomes(id, "delivered")).as("%s", history(id)).isTrue();
    assertThat(lookups).hasValue(6);
    assertThat(sap.references()).hasSize(1);
    assertThat(erp.writes()).hasSize(1);
    assertThat(step(id, "found").path("to").asText()).isEqualTo("sap");
  }

  /** A dead letter remembers that its write may have been applied, and so does its replay. */
  @Test
  void aReplayAsksBeforeItWritesAgain() throws IOException {
    SapRequisitions sap = new SapRequisitions();
    AtomicBoolean mayRead = new AtomicBoolean();
    erp.answer(
        one -> {
          if (one.forToken()) {
            return new Answer(200, "{}");
          }
          if (SapRequisitions.isLookup(one)) {
            return mayRead.get() ? sap.find(one) : new Answer(403, "no authorization to read");
          }
          sap.create(one);
          return ScriptedErp.HANG_UP;
        });
    String id = approve();
    assertThat(becomes(id, "dead-lettered")).as("%s", history(id)).isTrue();
    assertThat(step(id, "dead-lettered").path("reason").asText()).startsWith("unknown: status: ");
    mayRead.set(true);
    HttpResponse<String> replay =
        hub.send(
            hub.adminRequest(TestAdmins.OPERATOR, "/admin/v1/dead-letters/" + id + "/replay")
                .POST(HttpRequest.BodyPublishers.noBody()));
    assertThat(replay.statusCode()).as(replay.body()).isLessThan(300);
    assertThat(becomes(id, "delivered")).as("%s", history(id)).isTrue();
    assertThat(sap.references()).hasSize(1);
    assertThat(erp.writes()).hasSize(1);
  }

  /** PUT may be repeated, so that there is nothing to ask. */
  @Test
  void aPutThatWasNotAnsweredIsSentAgain() throws IOException {
    Map<String, String> objects = new ConcurrentHashMap<>();
    AtomicInteger writes = new AtomicInteger();
    erp.answer(
        one -> {
          objects.put(one.path(), one.body());
          return writes.incrementAndGet() == 1 ? ScriptedErp.SILENCE : new Answer(200, "{}");
        });
    ObjectNode order =
        (ObjectNode)
            Json.read(
                Files.readAllBytes(
                    Path.of("connectors/sap-s4hana/samples/workorder.from-erp.released.json")));
    ((ObjectNode) order.path("d"))
        .put("MaintenanceOrder", "W" + UUID.randomUUID().toString().substring(0, 8));
    String id = publish("sap", order);
    assertThat(becomes(id, "delivered")).as("%s", history(id)).isTrue();
    assertThat(objects).hasSize(1);
    assertThat(erp.asked()).hasSize(2).allMatch(one -> one.method().equals("PUT"));
  }
}
