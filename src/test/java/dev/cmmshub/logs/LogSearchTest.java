package dev.cmmshub.logs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.TestHub;
import dev.cmmshub.cli.demo.DemoEvents;
import dev.cmmshub.cli.demo.DemoEvents.Post;
import dev.cmmshub.message.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.FileAppender;
import org.apache.logging.log4j.core.config.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a hub logs of an event that is rejected, one that dies and one that waits, put through
 * docker/elk's pipeline into a real search engine, is found by each of Kibana's searches.
 */
class LogSearchTest {
  /** Stands in the bodies only. */
  private static final String OF_THE_BODY = "zq7-of-the-body";

  private static final String STREAM = "/logs-cmms_hub-default";

  @TempDir private static Path folder;

  private static SearchEngine engine;
  private static ElkSetup setup;
  private static List<JsonNode> lines;
  private static FileAppender log;
  private static String dead;
  private static String waited;

  @BeforeAll
  static void logAndIndex() throws Exception {
    engine = SearchEngine.start(folder);
    TestHub hub = TestHub.shared();
    log = listen();
    happen(hub);
    List<String> texts = Files.readAllLines(file());
    lines = new ArrayList<>();
    for (String text : texts) {
      lines.add(Json.mapper().readTree(text));
    }
    setup = new ElkSetup(engine.await(), folder);
    setup.run("elasticsearch");
    setup.run("kibana");
    List<String> all = new ArrayList<>(texts);
    all.add("Exception in thread \"main\" of something that is no hub");
    index(all);
  }

  @AfterAll
  static void end() {
    if (log != null) {
      LoggerContext context = (LoggerContext) LogManager.getContext(false);
      context.getConfiguration().getRootLogger().removeAppender(log.getName());
      context.updateLoggers();
      log.stop();
    }
    if (setup != null) {
      setup.close();
    }
    engine.close();
  }

  /** A file of this test's own beside the log, written as the log is. */
  private static FileAppender listen() {
    LoggerContext context = (LoggerContext) LogManager.getContext(false);
    Configuration configuration = context.getConfiguration();
    FileAppender appender =
        FileAppender.newBuilder()
            .setName("log-search")
            .setLayout(configuration.getAppender("file-json").getLayout())
            .setConfiguration(configuration)
            .withFileName(file().toString())
            .build();
    appender.start();
    configuration.getRootLogger().addAppender(appender, null, null);
    context.updateLoggers();
    return appender;
  }

  private static Path file() {
    return folder.resolve("hub.log");
  }

  private static void happen(TestHub hub) throws IOException {
    DemoEvents events = new DemoEvents(Path.of("connectors"), Instant.now());
    hub.post("/v1/events/sap", "north", "application/json", ("{" + OF_THE_BODY).getBytes(UTF_8));
    dead = accepted(hub, events.workOrder("4711001", 1, true));
    hub.counterparts().lock("4711002");
    waited = accepted(hub, events.workOrder("4711002", 1, false));
    awaitLine("parked", waited);
    hub.counterparts().unlock();
    Path tenants = hub.tenantsFile();
    String good = Files.readString(tenants);
    Files.writeString(tenants, "tenants: [");
    awaitLine("The last good version", "");
    Files.writeString(tenants, good);
    awaitLine("dead-lettered", dead);
    awaitLine("delivered", waited);
  }

  private static String accepted(TestHub hub, Post post) {
    String body = new String(post.body(), UTF_8);
    assertThat(body).contains("\"MaintenanceOrderDesc\"");
    String marked =
        body.replaceFirst("(\"MaintenanceOrderDesc\"\\s*:\\s*\")[^\"]*", "$1" + OF_THE_BODY);
    return Json.read(
            hub.post(post.path(), post.tenant(), post.contentType(), marked.getBytes(UTF_8))
                .body()
                .getBytes(UTF_8))
        .get("id")
        .asText();
  }

  /** A search engine starts in this process at the same time, so it may take a while. */
  private static void awaitLine(String one, String other) throws IOException {
    boolean found = false;
    for (int i = 0; i < 3 && !found; i++) {
      found = TestHub.eventually(() -> hasLine(one, other));
    }
    assertThat(found)
        .as("a line with '%s' and '%s' in%n%s", one, other, Files.readString(file()))
        .isTrue();
  }

  private static boolean hasLine(String one, String other) {
    try (Stream<String> all = Files.lines(file())) {
      return all.anyMatch(line -> line.contains(one) && line.contains(other));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As Filebeat and Logstash send them. */
  private static void index(List<String> texts) throws Exception {
    StringBuilder bulk = new StringBuilder();
    for (String text : texts) {
      ObjectNode sent = Json.mapper().createObjectNode();
      sent.put("@timestamp", Instant.now().toString()).put("@version", "1").put("message", text);
      sent.putObject("agent").put("type", "filebeat").put("version", "9.2.0");
      sent.putObject("ecs").put("version", "8.0.0");
      sent.putObject("event").put("original", text);
      sent.putObject("host").put("name", "filebeat");
      sent.putObject("input").put("type", "filestream");
      sent.putObject("log").put("offset", 17).putObject("file").put("path", "/var/log/hub.log");
      sent.putArray("tags").add("beats_input_codec_plain_applied");
      sent.putObject("data_stream")
          .put("type", "logs")
          .put("dataset", "cmms_hub")
          .put("namespace", "default");
      bulk.append("{\"create\":{}}\n").append(sent).append('\n');
    }
    JsonNode answer = engine.ask("POST", STREAM + "/_bulk?refresh=true", bulk.toString());
    assertThat(answer.get("errors").asBoolean()).as(answer.toString()).isFalse();
  }

  private static JsonNode line(String action, String event) {
    return lines.stream()
        .filter(line -> line.path("event.action").asText().equals(action))
        .filter(line -> line.path("event.id").asText().equals(event))
        .reduce(
            (one, two) -> {
              throw new AssertionError("more than one line: " + one + two);
            })
        .orElseThrow();
  }

  @Test
  void eachLineSaysWhoseAndWhichEventItIsAboutAndNothingOfItsBody() {
    for (JsonNode one :
        List.of(line("dead-lettered", dead), line("parked", waited), line("delivered", waited))) {
      assertThat(one.path("labels.tenant").asText()).isEqualTo("north");
      assertThat(one.path("labels.system").asText()).isEqualTo("sap");
      assertThat(one.path("labels.entity").asText()).isEqualTo("workorder");
      assertThat(one.path("labels.correlation_id").asText()).isNotEmpty();
    }
    assertThat(line("dead-lettered", dead).path("error.code").asText()).isEqualTo("schema");
    assertThat(line("dead-lettered", dead).path("log.level").asText()).isEqualTo("WARN");
    assertThat(line("parked", waited).path("labels.subscription").asText()).isEqualTo("cmms");
    assertThat(line("parked", waited).path("http.response.status_code").asText()).isEqualTo("503");
    assertThat(line("parked", waited).path("log.level").asText()).isEqualTo("INFO");
    assertThat(line("delivered", waited).path("event.outcome").asText()).isEqualTo("success");
    assertThat(lines)
        .allMatch(line -> line.has("@timestamp") && line.has("log.level") && line.has("message"))
        .noneMatch(line -> line.toString().contains(OF_THE_BODY));
  }

  @Test
  void theLineOfARejectedRequestHasItsCode() {
    assertThat(lines)
        .anyMatch(
            line ->
                line.path("event.action").asText().equals("rejected")
                    && line.path("error.code").asText().equals("malformed")
                    && line.path("labels.tenant").asText().equals("north")
                    && line.path("labels.system").asText().equals("sap"));
  }

  @Test
  void eachSavedSearchFindsWhatItIsFor() throws Exception {
    Map<String, String> expected =
        Map.of(
            "cmms-hub-dead-letters", dead,
            "cmms-hub-parked", waited,
            "cmms-hub-delivered-after-all", waited,
            "cmms-hub-rejected", "malformed",
            "cmms-hub-one-event", waited,
            "cmms-hub-warnings", dead,
            "cmms-hub-itself", "The last good version",
            "cmms-hub-unread", "something that is no hub");
    List<JsonNode> searches = SavedObjects.of("search");
    assertThat(searches)
        .extracting(one -> one.get("id").asText())
        .containsExactlyInAnyOrderElementsOf(expected.keySet());
    for (JsonNode search : searches) {
      String id = search.get("id").asText();
      JsonNode hits = hits(search);
      assertThat(hits.toString()).as(id).contains(expected.get(id));
      assertThat(hits.size()).as(id).isLessThan(lines.size());
    }
  }

  @Test
  void theSearchesLeaveOutWhatIsSomethingElse() throws Exception {
    for (JsonNode search : SavedObjects.of("search")) {
      String action =
          Map.of(
                  "cmms-hub-dead-letters", "dead-lettered",
                  "cmms-hub-parked", "parked",
                  "cmms-hub-delivered-after-all", "delivered",
                  "cmms-hub-rejected", "rejected")
              .get(search.get("id").asText());
      if (action != null) {
        assertThat(hits(search).findValuesAsText("action")).containsOnly(action);
      }
      if (search.get("id").asText().equals("cmms-hub-itself")) {
        assertThat(hits(search).findValues("tenant")).isEmpty();
      }
    }
  }

  /** One event's way, in its order, from nothing but its id. */
  @Test
  void anEventIsFoundByItsIdInTheOrderOfWhatHappened() throws Exception {
    ObjectNode request = SavedObjects.request(search("cmms-hub-one-event"));
    ((ObjectNode) request.at("/query/query_string"))
        .put("query", "event.id:* AND event.id:\"" + waited + '"');
    JsonNode hits = engine.ask("POST", STREAM + "/_search", request.toString()).at("/hits/hits");
    assertThat(hits.findValuesAsText("action")).containsExactly("parked", "delivered");
  }

  @Test
  void eachVisualisationHasSomethingToShow() throws Exception {
    List<JsonNode> all = SavedObjects.of("visualization");
    assertThat(all).hasSizeGreaterThan(4);
    for (JsonNode one : all) {
      JsonNode answer =
          engine.ask(
              "POST",
              STREAM + "/_search?size=0",
              SavedObjects.request(one).without("size").toString());
      JsonNode into = answer.get("aggregations");
      int depth = 0;
      while (into != null) {
        JsonNode buckets = into.at("/by/buckets");
        assertThat(buckets.size()).as(one.get("id") + " " + depth).isPositive();
        depth++;
        into = buckets.get(0).has("by") ? buckets.get(0) : null;
      }
      assertThat(depth)
          .isEqualTo(SavedObjects.inner(one, "/attributes/visState").get("aggs").size() - 1);
    }
  }

  /** Types, not only names: a text in place of a number would be found by no range. */
  @Test
  void theEngineTookAllFieldsAsTheTemplateSaysAndNoneIsLeftOut() throws Exception {
    ObjectNode range = Json.mapper().createObjectNode();
    range
        .putObject("query")
        .putObject("range")
        .putObject("http.response.status_code")
        .put("gte", 500);
    assertThat(
            engine
                .ask("POST", STREAM + "/_search", range.toString())
                .at("/hits/hits")
                .findValuesAsText("id"))
        .contains(waited);
    JsonNode known = engine.ask("GET", STREAM + "/_field_caps?fields=*", "").get("fields");
    for (JsonNode line : lines) {
      line.fieldNames().forEachRemaining(name -> assertThat(known.has(name)).as(name).isTrue());
    }
  }

  @Test
  void setupSendsTheLifecycleTheUsersAndTheObjects() throws IOException {
    assertThat(setup.kept("/_ilm/policy/cmms_hub_logs"))
        .isEqualTo(Files.readString(Path.of("docker/elk/elasticsearch/ilm.json")));
    assertThat(setup.kept("/_security/user/kibana_system/_password")).contains("of-elastic-kibana");
    assertThat(setup.kept("/_security/user/hub_logs")).contains("of-elastic-logs", "hub_logs");
    assertThat(setup.kept("/api/saved_objects/_import"))
        .contains(Files.readString(SavedObjects.FILE).trim());
  }

  private static JsonNode search(String id) throws IOException {
    return SavedObjects.of("search").stream()
        .filter(one -> one.get("id").asText().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static JsonNode hits(JsonNode search) throws Exception {
    return engine
        .ask("POST", STREAM + "/_search", SavedObjects.request(search).toString())
        .at("/hits/hits");
  }
}
