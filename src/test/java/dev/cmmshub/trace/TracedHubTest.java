package dev.cmmshub.trace;

import static dev.cmmshub.TestHub.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.SecretFile;
import dev.cmmshub.TestAdmins;
import dev.cmmshub.TestHub;
import dev.cmmshub.message.Json;
import dev.cmmshub.tenant.KeyHash;
import dev.cmmshub.trace.Collector.Seen;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** The traces a hub makes of events' ways, as a collector gets them. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TracedHubTest {
  private static final String KEY = "test-" + UUID.randomUUID();
  private static final String PATIENT = "test-" + UUID.randomUUID();
  private static final Path SAMPLE =
      Path.of("connectors/sap-s4hana/samples/workorder.from-erp.released.json");
  private static final Path ODOO =
      Path.of("connectors/odoo/samples/workorder.from-erp.in-progress.json");
  private static final int EVENTS = 50;
  private static final String TENANT =
      """
        traced:
          retry: {schedule: [200ms], maxAge: 1h}
          keys: [{id: test, sha256: "%1$s"}]
          systems:
            sap: {connector: sap-s4hana}
            odoo: {connector: odoo}
            cmms: {connector: cmms-rest, parameters: {baseUrl: "%2$s", apiToken: "{{env:ERP_PASSWORD}}"}}
          subscriptions:
            - {to: cmms, events: [workorder.*]}
            - {id: hook, to: "%2$s/hook", events: ["*"], secret: "{{file:%3$s}}"}
        patient:
          retry: {schedule: [1s], maxAge: 1h}
          keys: [{id: test, sha256: "%4$s"}]
          systems: {sap: {connector: sap-s4hana}}
          subscriptions:
            - {id: hook, to: "%2$s/hook", events: ["*"], secret: "{{file:%3$s}}"}
      """;

  private static Collector collector;
  private static TracedReceiver receiver;
  private static TestHub hub;

  @BeforeAll
  static void start() throws IOException {
    collector = new Collector();
    receiver = new TracedReceiver();
    byte[] random = UUID.randomUUID().toString().getBytes(UTF_8);
    Path secret = SecretFile.of("whsec_" + Base64.getEncoder().encodeToString(random));
    hub =
        TestHub.with(
            TENANT.formatted(KeyHash.of(KEY), receiver.url(), secret, KeyHash.of(PATIENT)),
            Map.of("hub.traces.endpoint", collector.url(), "hub.node", "traced-node"));
  }

  @AfterAll
  static void stop() {
    hub.close();
    receiver.close();
    collector.close();
  }

  @BeforeEach
  void allIsWell() {
    receiver.answer(call -> 200);
  }

  private static String number() {
    return "TR" + UUID.randomUUID().toString().substring(0, 8);
  }

  private static byte[] order(String number, long version) throws IOException {
    ObjectNode document = (ObjectNode) Json.read(Files.readAllBytes(SAMPLE));
    ObjectNode entity = document.path("d") instanceof ObjectNode inner ? inner : document;
    entity.put("MaintenanceOrder", number).put("LastChangeDateTime", "/Date(" + version + ")/");
    return Json.write(document);
  }

  private static HttpResponse<String> send(String... headers) throws IOException {
    return send(KEY, order(number(), 1_780_000_000_000L), headers);
  }

  private static HttpResponse<String> send(String key, byte[] body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(hub.address("/v1/events/sap"))
            .header("X-API-Key", key)
            .header("Content-Type", "application/json")
            .timeout(Duration.ofSeconds(20))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    return hub.send(headers.length == 0 ? request : request.headers(headers));
  }

  private static String post(String... headers) throws IOException {
    return accepted(send(headers));
  }

  private static String accepted(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return json(answer).get("id").asText();
  }

  private static JsonNode json(HttpResponse<String> answer) {
    return Json.read(answer.body().getBytes(UTF_8));
  }

  private static boolean gets(String event, String name, int count) {
    return eventually(() -> collector.of(event, name).size() >= count);
  }

  private static Seen delivery(String event, String subscription, String attempt) {
    return collector.of(event, "deliver").stream()
        .filter(one -> subscription.equals(one.attribute("hub.subscription")))
        .filter(one -> attempt.equals(one.attribute("hub.attempt")))
        .findFirst()
        .orElseThrow(() -> new AssertionError(collector.of(event)));
  }

  @Test
  void anEventIsOneTraceFromTheRequestToEachDelivery() throws IOException {
    String id = post();
    assertThat(gets(id, "deliver", 2)).isTrue();
    assertThat(eventually(() -> collector.of(id).size() == 7)).isTrue();
    List<Seen> all = collector.of(id);
    Seen receive = collector.only(id, "receive");
    Seen transform = collector.only(id, "transform");
    Seen store = collector.only(id, "store");
    Seen publish = collector.only(id, "publish");
    Seen notify = collector.only(id, "notify");
    assertThat(all).allMatch(one -> one.traceId().equals(receive.traceId()));
    assertThat(receive.parent()).isEmpty();
    assertThat(transform.parent()).isEqualTo(receive.id());
    assertThat(store.parent()).isEqualTo(transform.id());
    assertThat(publish.parent()).isEqualTo(store.id());
    assertThat(notify.parent()).isEqualTo(publish.id());
    assertThat(delivery(id, "cmms", "1").parent()).isEqualTo(notify.id());
    assertThat(delivery(id, "hook", "1").parent()).isEqualTo(notify.id());
    assertThat(Stream.of(receive, transform, store, publish, notify).map(Seen::kind))
        .containsExactly("SERVER", "CONSUMER", "INTERNAL", "PRODUCER", "CONSUMER");
    assertThat(all).noneMatch(Seen::failed);
    assertThat(all).allMatch(one -> one.span().getEndTimeUnixNano() > 0);
    assertThat(receive.attributes())
        .containsEntry("hub.tenant", "traced")
        .containsEntry("hub.system", "sap")
        .containsEntry("hub.entity", "workorder")
        .containsEntry("http.response.status_code", "202");
    assertThat(store.attributes()).containsEntry("hub.outcome", "APPLIED").containsKey("hub.shard");
    assertThat(publish.attribute("messaging.destination.name")).isEqualTo("hub.canonical");
    assertThat(collector.resources())
        .contains(Map.of("service.name", "cmms-hub", "service.instance.id", "traced-node"));
  }

  @Test
  void thePassportNamesTheTraceOnceItsEventIsStored() throws IOException {
    String id = post();
    assertThat(gets(id, "deliver", 2)).isTrue();
    HttpRequest.Builder asked =
        HttpRequest.newBuilder(hub.address("/v1/events/" + id)).header("X-API-Key", KEY).GET();
    assertThat(json(hub.send(asked)).at("/received/trace").asText())
        .isEqualTo(collector.only(id, "receive").traceId());
  }

  @Test
  void callsOfSystemsAndWebhooksNameTheirOwnDelivery() throws IOException {
    String id = post();
    assertThat(gets(id, "deliver", 2)).isTrue();
    assertThat(receiver.of(id, true))
        .extracting(TracedReceiver.Call::traceparent)
        .containsExactly(delivery(id, "hook", "1").traceparent());
    assertThat(receiver.of(id, false))
        .isNotEmpty()
        .allMatch(call -> delivery(id, "cmms", "1").traceparent().equals(call.traceparent()));
  }

  @Test
  void aRetryIsInTheSameTraceAndLinkedToTheFirstTry() throws IOException {
    receiver.answer(
        call -> call.isHook() && receiver.of(call.event(), true).size() < 3 ? 503 : 200);
    String id = post();
    assertThat(gets(id, "deliver", 4)).isTrue();
    Seen first = delivery(id, "hook", "1");
    assertThat(first.failed()).isTrue();
    assertThat(first.attributes())
        .containsEntry("error.type", "status")
        .containsEntry("http.response.status_code", "503");
    List<Seen> retries = collector.of(id, "retry");
    assertThat(retries).hasSize(2);
    assertThat(retries)
        .allSatisfy(
            one -> {
              assertThat(one.traceId()).isEqualTo(first.traceId());
              assertThat(one.parent()).isEqualTo(first.id());
              assertThat(one.links()).containsExactly(first.traceId() + '/' + first.id());
            });
    assertThat(delivery(id, "hook", "2").parent()).isEqualTo(retries.get(0).id());
    assertThat(delivery(id, "hook", "3").parent()).isEqualTo(retries.get(1).id());
    assertThat(delivery(id, "hook", "3").failed()).isFalse();
    assertThat(receiver.of(id, true))
        .extracting(TracedReceiver.Call::traceparent)
        .containsExactly(
            first.traceparent(),
            delivery(id, "hook", "2").traceparent(),
            delivery(id, "hook", "3").traceparent());
    assertThat(collector.of(id, "judge"))
        .hasSize(2)
        .allMatch(one -> one.attribute("hub.verdict").equals("Later"));
  }

  @Test
  void whatWaitedBehindAnotherIsNoRetry() throws IOException {
    String number = number();
    AtomicBoolean well = new AtomicBoolean();
    receiver.answer(call -> well.get() || !call.isHook() ? 200 : 503);
    String head = accepted(send(PATIENT, order(number, 1_780_000_000_000L)));
    assertThat(gets(head, "judge", 1)).isTrue();
    String behind = accepted(send(PATIENT, order(number, 1_780_000_000_001L)));
    assertThat(gets(behind, "notify", 1)).isTrue();
    well.set(true);
    assertThat(gets(behind, "resume", 1)).isTrue();
    Seen resume = collector.only(behind, "resume");
    assertThat(resume.links()).isEmpty();
    assertThat(resume.traceId()).isEqualTo(collector.only(behind, "receive").traceId());
    assertThat(collector.of(behind, "retry")).isEmpty();
    assertThat(gets(behind, "deliver", 1)).isTrue();
    assertThat(delivery(behind, "hook", "1").parent()).isEqualTo(resume.id());
  }

  @Test
  void aReplayOfADeadLetterIsLinkedToTheTryItDiedOf() throws IOException {
    receiver.answer(call -> call.isHook() ? 400 : 200);
    String id = post();
    assertThat(gets(id, "judge", 1)).isTrue();
    assertThat(collector.only(id, "judge").attribute("hub.verdict")).isEqualTo("Never");
    receiver.answer(call -> 200);
    HttpResponse<String> replay =
        hub.send(
            hub.adminRequest(TestAdmins.OPERATOR, "/admin/v1/dead-letters/" + id + "/replay")
                .POST(HttpRequest.BodyPublishers.noBody()));
    assertThat(replay.statusCode()).as(replay.body()).isLessThan(300);
    assertThat(gets(id, "deliver", 3)).isTrue();
    Seen first =
        collector.of(id, "deliver").stream().filter(Seen::failed).findFirst().orElseThrow();
    assertThat(collector.only(id, "retry").links())
        .containsExactly(first.traceId() + '/' + first.id());
  }

  @Test
  void aCallersTraceIsGoneOnWith() throws IOException {
    String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    String id = post("traceparent", "00-" + trace + "-00f067aa0ba902b7-00");
    assertThat(gets(id, "deliver", 2)).isTrue();
    Seen receive = collector.only(id, "receive");
    assertThat(receive.traceId()).isEqualTo(trace);
    assertThat(receive.parent()).isEqualTo("00f067aa0ba902b7");
    assertThat(collector.of(id)).allMatch(one -> one.traceId().equals(trace));
    assertThat(receiver.of(id, true).get(0).traceparent()).startsWith("00-" + trace + "-");
  }

  @Test
  void eachEventOfABatchHasATraceOfItsOwn() throws IOException {
    ArrayNode batch = Json.mapper().createArrayNode();
    for (int i = 0; i < 2; i++) {
      ObjectNode data = (ObjectNode) Json.read(Files.readAllBytes(ODOO));
      int number = (int) (System.nanoTime() % 1_000_000_000) + i;
      batch
          .addObject()
          .put("specversion", "1.0")
          .put("id", UUID.randomUUID().toString())
          .put("source", "/odoo")
          .put("type", "com.odoo.changed")
          .set("data", data.put("_id", number).put("id", number));
    }
    HttpResponse<String> answer =
        hub.send(
            HttpRequest.newBuilder(hub.address("/v2/events/odoo"))
                .header("X-API-Key", KEY)
                .header("Content-Type", "application/cloudevents-batch+json")
                .timeout(Duration.ofSeconds(20))
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.write(batch))));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    List<String> traces = new ArrayList<>();
    for (JsonNode id : json(answer).get("ids")) {
      assertThat(gets(id.asText(), "publish", 1)).isTrue();
      Seen receive = collector.only(id.asText(), "receive");
      assertThat(receive.attributes()).containsEntry("http.response.status_code", "202");
      assertThat(collector.only(id.asText(), "transform").parent()).isEqualTo(receive.id());
      traces.add(receive.traceId());
    }
    assertThat(traces).hasSize(2).doesNotHaveDuplicates();
  }

  @Test
  void whatIsNoTraceparentBeginsATraceOfItsOwn() throws IOException {
    String id = post("traceparent", "00-00000000000000000000000000000000-00f067aa0ba902b7-01");
    assertThat(gets(id, "receive", 1)).isTrue();
    assertThat(collector.only(id, "receive").parent()).isEmpty();
  }

  @Test
  void histogramsNameATraceToWhoAsksForOpenMetrics() throws IOException {
    String id = post();
    assertThat(gets(id, "deliver", 2)).isTrue();
    HttpResponse<String> open =
        hub.send(
            HttpRequest.newBuilder(hub.adminAddress("/q/metrics"))
                .header("Accept", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5"));
    assertThat(open.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("application/openmetrics-text; version=1.0.0");
    assertThat(open.body()).endsWith("# EOF\n");
    List<String> named =
        open.body()
            .lines()
            .filter(line -> line.contains("# {") && line.contains("trace_id=\""))
            .toList();
    assertThat(named).anyMatch(line -> line.startsWith("hub_step_seconds_bucket"));
    String exemplar = named.get(0).replaceAll(".*trace_id=\"([0-9a-f]{32})\".*", "$1");
    assertThat(
            eventually(
                () -> collector.spans().stream().anyMatch(s -> s.traceId().equals(exemplar))))
        .as(exemplar)
        .isTrue();
    HttpResponse<String> plain =
        hub.send(HttpRequest.newBuilder(hub.adminAddress("/q/metrics")).GET());
    assertThat(plain.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain");
    assertThat(plain.body())
        .doesNotContain("trace_id=")
        .contains("hub_spans_total{outcome=\"sent\"");
  }

  @Test
  @Order(Integer.MAX_VALUE - 1)
  void aCollectorThatIsAwayHarmsNothing() throws IOException {
    List<String> ids = new ArrayList<>();
    long slowest = 0;
    collector.fallSilent();
    try {
      for (int i = 0; i < EVENTS; i++) {
        if (i == EVENTS / 2) {
          collector.leave();
        }
        long begin = System.nanoTime();
        ids.add(post());
        slowest = Math.max(slowest, System.nanoTime() - begin);
      }
      assertThat(eventually(() -> ids.stream().allMatch(id -> receiver.of(id, true).size() == 1)))
          .isTrue();
    } finally {
      collector.comeBack();
    }
    assertThat(Duration.ofNanos(slowest)).isLessThan(Duration.ofSeconds(3));
    assertThat(exportThreads()).isBetween(1, 4);
    String id = post();
    assertThat(gets(id, "receive", 1)).as("spans come again").isTrue();
    System.out.printf(
        "collector away: %d events, slowest answer %d ms, %d threads of the exporter%n",
        EVENTS, Duration.ofNanos(slowest).toMillis(), exportThreads());
  }

  private static int exportThreads() {
    return (int)
        Thread.getAllStackTraces().keySet().stream()
            .map(Thread::getName)
            .filter(name -> name.contains("BatchSpanProcessor") || name.contains("jdkhttp"))
            .count();
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void logLinesOfATracedEventNameItsTrace() throws IOException {
    String trace = UUID.randomUUID().toString().replace("-", "");
    hub.stopServers();
    HttpResponse<String> answer = send("traceparent", "00-" + trace + "-00f067aa0ba902b7-01");
    assertThat(answer.statusCode()).isEqualTo(503);
    Path log = Path.of(System.getProperty("hub.log.file"));
    List<String> lines =
        Files.readAllLines(log).stream().filter(line -> line.contains(trace)).toList();
    assertThat(lines).hasSize(1);
    JsonNode line = Json.read(lines.get(0).getBytes(UTF_8));
    assertThat(line.path("trace.id").asText()).isEqualTo(trace);
    assertThat(line.path("message").asText()).startsWith("Answered 503");
    assertThat(
            eventually(
                () ->
                    collector.spans().stream()
                        .anyMatch(
                            one ->
                                one.traceId().equals(trace)
                                    && one.failed()
                                    && one.attribute("error.type").equals("503"))))
        .isTrue();
  }
}
