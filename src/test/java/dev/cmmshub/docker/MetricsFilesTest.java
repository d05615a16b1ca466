package dev.cmmshub.docker;

import static dev.cmmshub.docker.Commands.run;
import static dev.cmmshub.docker.Commands.works;
import static dev.cmmshub.docker.Compose.DOCKER;
import static dev.cmmshub.docker.Compose.texts;
import static dev.cmmshub.docker.Compose.yaml;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.TestHub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is scraped, shown, recorded and alerted on, against the hub and what compose.yaml starts.
 */
class MetricsFilesTest {
  private static final Path PROMETHEUS = DOCKER.resolve("prometheus");
  private static final Path LIST = DOCKER.resolve("metrics.txt");
  private static final Pattern METRIC =
      Pattern.compile("\\b(hub|jvm|hikaricp|process|camel|kafka)_[a-z_]+\\b");

  private final JsonNode services = new Compose().services;

  MetricsFilesTest() throws IOException {}

  @Test
  void dashboardRulesAndScrapeNameWhatIsThere() throws IOException {
    List<JsonNode> dashboards = new ArrayList<>();
    for (String name : List.of("overview", "tenant", "system", "recovery", "infrastructure")) {
      dashboards.add(yaml(DOCKER.resolve("grafana/dashboards/" + name + ".json")));
    }
    JsonNode source = yaml(DOCKER.resolve("grafana/provisioning/datasources/prometheus.yaml"));
    JsonNode provider = yaml(DOCKER.resolve("grafana/provisioning/dashboards/hub.yaml"));
    assertThat(dashboards.stream().flatMap(one -> one.findValues("datasource").stream()))
        .extracting(datasource -> datasource.path("uid").asText())
        .containsOnly(source.at("/datasources/0/uid").asText());
    assertThat(texts(services.at("/grafana/volumes")))
        .contains(
            "./grafana/dashboards:" + provider.at("/providers/0/options/path").asText() + ":ro");

    JsonNode rules = yaml(PROMETHEUS.resolve("rules.yml"));
    List<String> expressions = new ArrayList<>();
    dashboards.forEach(dashboard -> dashboard.findValuesAsText("expr", expressions));
    rules.findValuesAsText("expr", expressions);
    Set<String> used = metrics(String.join("\n", expressions));
    assertThat(used).hasSizeGreaterThan(8);
    assertThat(metrics(Files.readString(LIST))).containsAll(used);
    assertThat(yaml(PROMETHEUS.resolve("rules.test.yml")).findValuesAsText("alertname"))
        .containsAll(rules.findValuesAsText("alert"));

    JsonNode prometheus = yaml(PROMETHEUS.resolve("prometheus.yml"));
    assertThat(texts(prometheus.get("rule_files"))).containsExactly("rules.yml");
    assertThat(prometheus.findValuesAsText("metrics_path")).containsExactly("/q/metrics");
    assertThat(texts(prometheus.at("/scrape_configs/0/static_configs/0/targets")))
        .containsExactlyElementsOf(
            Compose.names(services).stream()
                .filter(name -> name.startsWith("hub-"))
                .sorted()
                .map(name -> name + ":8081")
                .toList())
        .hasSize(2);
    assertThat(texts(prometheus.at("/alerting/alertmanagers/0/static_configs/0/targets")))
        .containsExactly("alertmanager:9093");
  }

  @Test
  void theListedMetricsAreTheHubs() throws IOException {
    TestHub hub = TestHub.shared();
    String sample = "connectors/odoo/samples/workorder.from-erp.in-progress.json";
    for (byte[] body : List.of(Files.readAllBytes(Path.of(sample)), "{".getBytes(UTF_8))) {
      hub.post("/v1/events/odoo", "river", "application/json", body);
    }
    hub.post("/v1/bulk/odoo", "river", "application/x-ndjson", "{}".getBytes(UTF_8));
    Set<String> listed = metrics(Files.readString(LIST));
    TestHub.eventually(() -> served(hub).containsAll(listed));
    Set<String> served = served(hub);
    assertThat(served).containsAll(listed);
    assertThat(served.stream().filter(name -> name.startsWith("hub_"))).isSubsetOf(listed);
  }

  @Test
  void promtoolAcceptsConfigurationRulesAndMetrics(@TempDir Path folder) throws Exception {
    assumeTrue(
        works("promtool --version"), "promtool is not installed: Prometheus' files not checked");
    run(PROMETHEUS, "promtool", "check", "config", "prometheus.yml");
    run(PROMETHEUS, "promtool", "test", "rules", "rules.test.yml");
    Files.writeString(folder.resolve("hub"), TestHub.shared().admin("/q/metrics"));
    // 3 stands for remarks about names, such as Micrometer's own jvm_ ones.
    run(folder, "sh", "-c", "promtool check metrics <hub || [ $? = 3 ]");
  }

  /** Names of metrics outside of comments. */
  private static Set<String> metrics(String text) {
    return METRIC
        .matcher(text.replaceAll("(?m)^#.*", ""))
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toSet());
  }

  /** Names only: a label's value may look like one, as that of a topic does. */
  private static Set<String> served(TestHub hub) {
    return hub.admin("/q/metrics")
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split("[{ ]", 2)[0])
        .collect(Collectors.toSet());
  }
}
