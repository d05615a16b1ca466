package dev.cmmshub.dashboards;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.TestHub;
import dev.cmmshub.cli.demo.DemoEvents;
import dev.cmmshub.dashboards.Dashboards.Dashboard;
import dev.cmmshub.dashboards.Dashboards.Panel;
import dev.cmmshub.dashboards.Dashboards.Query;
import dev.cmmshub.message.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each query of each dashboard, by a real Prometheus that scraped a real hub under load. */
class DashboardsTest {
  /** The hub has no TLS here: a certificate that is not there has no time. */
  private static final Set<String> MAY_BE_EMPTY = Set.of("Certificates", "Since the last success");

  private static final Pattern VARIABLE =
      Pattern.compile("label_values\\((?<metric>.+), (?<label>\\w+)\\)");

  /** What each node says alike of things they share: Kafka, shards, and who polls what. */
  private static final Pattern SHARED =
      Pattern.compile(
          "hub[_:](parked|dead_letters|lag|tenant_backlog|flow|batch_last|batch_overdue|subscriptions_gone|breaker|poll_failures|key_expires)");

  /** How many more there are than the first look saw, which the two did not take at one moment. */
  private static final Pattern SINCE_FIRST_LOOK = Pattern.compile("hub:dead_letters:new10m");

  @TempDir static Path folder;
  private static Instant begin;
  private static TestHub hub;
  private static PrometheusServer prometheus;
  private static PrometheusServer ofTwoNodes;

  @BeforeAll
  static void loadAndScrape() throws Exception {
    assumeTrue(
        PrometheusServer.isInstalled(), "prometheus is not installed: no query of a dashboard run");
    hub = TestHub.shared();
    prometheus =
        new PrometheusServer(
            folder.resolve("prometheus"), List.of(hub.adminAddress("/").getPort()), text -> text);
    int port = hub.adminAddress("/").getPort();
    ofTwoNodes = new PrometheusServer(folder.resolve("two"), List.of(port, port), text -> text);
    begin = Instant.now();
    Instant now = begin;
    send(now);
    String parked = "DASH-" + now.toEpochMilli();
    hub.counterparts().lock(parked);
    DemoEvents events = new DemoEvents(Path.of("connectors"), now);
    post(events.workOrder(parked, 1, false));
    for (int i = 0; i < 6; i++) {
      Thread.sleep(500);
      send(now.plusSeconds(1 + i));
      load(now.plusSeconds(1 + i));
      read();
    }
    assertThat(TestHub.eventually(() -> scraped("sum(hub:parked:sum)") > 0)).isTrue();
    hub.counterparts().unlock();
    assertThat(TestHub.eventually(() -> scraped("sum(hub_retries_total{outcome=\"passed\"})") > 0))
        .isTrue();
    assertThat(TestHub.eventually(() -> scraped("sum(hub:dead_letters:new10m)") > 0)).isTrue();
    assertThat(TestHub.eventually(() -> scraped("sum(hub:cache:hit_ratio5m)") > 0)).isTrue();
  }

  /** Of all demo tenants: what works, what is refused, and what becomes a dead letter. */
  private static void send(Instant time) throws IOException {
    DemoEvents events = new DemoEvents(Path.of("connectors"), time);
    for (DemoEvents.Post post : events.make(4)) {
      post(post);
    }
    post(events.workOrder("DASH-POISON-" + time.toEpochMilli(), 1, true));
    hub.post("/v1/events/odoo", "river", "application/json", "{".getBytes(UTF_8));
  }

  /** A file with a row that is right and one that is not. */
  private static void load(Instant time) throws IOException {
    String part =
        Json.read(
                Files.readAllBytes(
                    Path.of(
                        "connectors/sap-s4hana/samples/part.from-erp.service-without-expansion.json")))
            .toString()
            .replace("SRV-CALIBRATION", "DASH-" + time.toEpochMilli());
    hub.post("/v1/bulk/sap", "north", "application/x-ndjson", (part + "\n{\n").getBytes(UTF_8));
  }

  private static void post(DemoEvents.Post post) {
    hub.post(post.path(), post.tenant(), post.contentType(), post.body());
  }

  /** The first of two reads fills the cache. */
  private static void read() throws IOException {
    JsonNode page = Json.read(hub.get("/v1/workorder?limit=1", "north").body().getBytes(UTF_8));
    if (!page.get("items").isEmpty()) {
      String path = "/v1/workorder/" + page.at("/items/0/id").asText();
      hub.get(path, "north");
      hub.get(path, "north");
    }
  }

  private static double scraped(String expression) {
    JsonNode result = prometheus.query(expression);
    return result.isEmpty() ? 0 : Double.parseDouble(result.at("/0/value/1").asText());
  }

  @AfterAll
  static void stop() {
    if (prometheus != null) {
      prometheus.close();
      ofTwoNodes.close();
    }
  }

  @Test
  void everyQueryOfEveryPanelGivesFiniteNumbers() throws Exception {
    List<Dashboard> dashboards = Dashboards.all();
    assertThat(dashboards)
        .extracting(Dashboard::name)
        .containsExactly("bulk", "infrastructure", "overview", "recovery", "system", "tenant");
    Map<String, String> wrong = new TreeMap<>();
    int queries = 0;
    int rows = 0;
    for (Dashboard dashboard : dashboards) {
      for (Panel panel : dashboard.panels()) {
        for (Query query : panel.queries()) {
          JsonNode result = prometheus.query(query.with(dashboard.all()));
          queries++;
          rows += result.size();
          String problem = problem(panel, result);
          if (!problem.isEmpty()) {
            wrong.put(dashboard.name() + ": " + panel.title() + ": " + query.expression(), problem);
          }
        }
      }
    }
    System.out.printf("dashboards: %d queries gave %d rows%n", queries, rows);
    assertThat(wrong).isEmpty();
  }

  /** Empty when it is sensible: there, finite, not negative, a share at most 1. */
  private static String problem(Panel panel, JsonNode result) {
    if (result.isEmpty()) {
      return MAY_BE_EMPTY.contains(panel.title()) ? "" : "nothing";
    }
    for (JsonNode row : result) {
      double value = Double.parseDouble(row.at("/value/1").asText().replace("Inf", "Infinity"));
      boolean endsSoon = panel.title().equals("Keys that end soon");
      if (!Double.isFinite(value)
          || value < 0 && !endsSoon
          || value > 1 && panel.unit().equals("percentunit")) {
        return row.toString();
      }
    }
    return "";
  }

  @Test
  void everyRecordedNameHasFiniteNumbers() throws IOException {
    List<String> names = Dashboards.recorded();
    assertThat(names).hasSizeGreaterThan(10).doesNotHaveDuplicates();
    for (String name : names) {
      JsonNode result = prometheus.query(name);
      assertThat(result).as(name).isNotEmpty();
      assertThat(result)
          .as(name)
          .allMatch(row -> Double.isFinite(Double.parseDouble(row.at("/value/1").asText())));
    }
  }

  /** A variable offers what there is, and with one value chosen each panel that uses it answers. */
  @Test
  void oneTenantCanBeChosen() throws IOException {
    int asked = 0;
    for (Dashboard dashboard : Dashboards.all()) {
      for (String query : dashboard.variables().values()) {
        Matcher variable = VARIABLE.matcher(query);
        assertThat(variable.matches()).as(query).isTrue();
        String metric = variable.group("metric").replace("$tenant", "north");
        assertThat(prometheus.labelValues(metric, variable.group("label")))
            .containsAnyOf("north", "sap");
      }
      Map<String, String> chosen = Map.of("tenant", "north", "system", "sap");
      for (Panel panel : dashboard.panels()) {
        for (Query query : panel.queries()) {
          assertThat(query.with(chosen)).doesNotContain("$");
          for (JsonNode row : prometheus.query(query.with(chosen))) {
            if (query.expression().contains("$tenant") && row.at("/metric/tenant").isTextual()) {
              assertThat(row.at("/metric/tenant").asText()).isEqualTo("north");
              asked++;
            }
          }
        }
      }
    }
    assertThat(asked).isGreaterThan(10);
  }

  /**
   * What rules and dashboards ask for without a name of the hub's would be overlooked elsewhere.
   */
  @Test
  void everyRecordedNameThatIsUsedIsRecorded() throws IOException {
    Set<String> used = new TreeSet<>();
    for (Dashboard dashboard : Dashboards.all()) {
      for (Panel panel : dashboard.panels()) {
        for (Query query : panel.queries()) {
          Pattern.compile("hub:[a-z_]+:[a-z0-9_]+")
              .matcher(query.expression())
              .results()
              .forEach(match -> used.add(match.group()));
        }
      }
    }
    assertThat(Dashboards.recorded()).containsAll(used);
  }

  /** No more rows, and no value twice as high. */
  @Test
  void whatTwoNodesSayOfTheSameIsToldOnce() throws IOException {
    assertThat(TestHub.eventually(() -> ofTwoNodes.query("sum(up) == 2").size() == 1)).isTrue();
    List<String> asked = new ArrayList<>(Dashboards.recorded());
    for (Dashboard dashboard : Dashboards.all()) {
      for (Panel panel : dashboard.panels()) {
        panel.queries().forEach(query -> asked.add(query.with(dashboard.all())));
      }
    }
    asked.removeIf(expression -> !SHARED.matcher(expression).find());
    int told = 0;
    for (String expression : asked) {
      // Where all is zero nothing else would tell; what is recorded (hub:…) is told once already.
      assertThat(expression)
          .doesNotContainPattern(
              "sum( by \\([a-z, ]+\\))? \\(" + SHARED.pattern().replace("[_:]", "_"));
      // The two look at different moments: what is not the same now is soon.
      assertThat(TestHub.eventually(() -> isToldOnce(expression)))
          .as(() -> expression + ": " + ofTwoNodes.query(expression))
          .isTrue();
      told += prometheus.query(expression).size();
    }
    System.out.printf("dashboards: %d queries of shared things gave %d rows%n", asked.size(), told);
    assertThat(told).isGreaterThan(20);
  }

  private static boolean isToldOnce(String expression) {
    List<Double> one = sorted(prometheus.query(expression));
    List<Double> two = sorted(ofTwoNodes.query(expression));
    if (SINCE_FIRST_LOOK.matcher(expression).find()) {
      return one.size() == two.size();
    }
    return one.size() == two.size()
        && IntStream.range(0, one.size())
            .allMatch(i -> one.get(i) < 1 || Math.abs(two.get(i) - one.get(i)) < one.get(i) / 2);
  }

  private static List<Double> sorted(JsonNode result) {
    return result.valueStream().map(row -> row.at("/value/1").asDouble()).sorted().toList();
  }

  @Test
  void eachIsWrittenAsAPage() throws IOException {
    Path pages = Path.of("target/dashboards");
    new DashboardPages(prometheus, begin, Instant.now()).write(pages);
    List<Path> written = new ArrayList<>();
    for (Dashboard dashboard : Dashboards.all()) {
      Path page = pages.resolve(dashboard.name() + ".html");
      assertThat(page).content().contains("<polyline", dashboard.title());
      written.add(page);
    }
    System.out.println("dashboards: to be looked at in " + written);
  }
}
