package dev.cmmshub.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.Backends;
import dev.cmmshub.HubSettings;
import dev.cmmshub.TestHub;
import dev.cmmshub.message.Json;
import dev.cmmshub.store.ShardSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** What can be checked of docker/ without a container engine. */
class DockerFilesTest {
  private static final Path DOCKER = Path.of("docker");
  private static final Path PROMETHEUS = DOCKER.resolve("prometheus");
  private static final Path LIST = DOCKER.resolve("metrics.txt");
  private static final Pattern METRIC =
      Pattern.compile("\\b(hub|jvm|hikaricp|process|camel|kafka)_[a-z_]+\\b");
  private static final String SECRETS = "/run/secrets/";

  private final JsonNode compose = yaml(DOCKER.resolve("compose.yaml"));
  private final JsonNode services = compose.get("services");

  DockerFilesTest() throws IOException {}

  @Test
  void everyServiceIsPinnedBoundedAndWatched() throws IOException {
    // The hub's health check is in its image.
    assertThat(DOCKER.resolve("Dockerfile")).content().contains("\nHEALTHCHECK ");
    for (String name : names(services)) {
      JsonNode service = services.get(name);
      assertThat(service.path("image").asText()).matches("[a-z0-9./-]+:v?[0-9]+[.][0-9].*");
      assertThat(service.path("mem_limit").asText()).as(name).matches("[0-9]+[mg]");
      // What runs once is waited for until it has ended well.
      boolean once = service.path("restart").asText().equals("no");
      assertThat(service.has("healthcheck") || service.has("build") || once).as(name).isTrue();
      assertThat(names(services)).containsAll(names(service.path("depends_on")));
      for (String needed : names(service.path("depends_on"))) {
        boolean ends = services.at("/" + needed + "/restart").asText().equals("no");
        assertThat(service.at("/depends_on/" + needed + "/condition").asText())
            .isEqualTo(ends ? "service_completed_successfully" : "service_healthy");
      }
      // ERPs call 8080; everything else is for this machine alone.
      assertThat(texts(service.path("ports")))
          .allMatch(port -> port.equals("8080:8080") || port.startsWith("127.0.0.1:"));
    }
  }

  @Test
  void everySecretVolumeAndNetworkIsDeclaredAndUsed() {
    for (String kind : List.of("secrets", "networks", "volumes")) {
      Set<String> used = new TreeSet<>();
      services.forEach(service -> used.addAll(texts(service.path(kind))));
      // A file or folder that is there may be read; what stays must be declared.
      used.removeIf(
          name -> name.endsWith(":ro") && Files.exists(DOCKER.resolve(name.split(":")[0])));
      assertThat(used.stream().map(name -> name.split(":")[0]).distinct())
          .as(kind)
          .containsExactlyInAnyOrderElementsOf(names(compose.get(kind)));
    }
  }

  @Test
  void secretsAreMadeAtRandomOnceAndNeverCommitted(@TempDir Path folder) throws Exception {
    Path script = folder.resolve("make-secrets.sh");
    Files.copy(DOCKER.resolve("make-secrets.sh"), script);
    Path made = Files.createDirectory(folder.resolve("secrets"));
    Set<String> names = names(compose.get("secrets"));
    Set<String> seen = new TreeSet<>();
    for (int times = 0; times < 2; times++) {
      run(folder, "sh", script.toString());
      for (String name : names) {
        assertThat(compose.at("/secrets/" + name + "/file").asText()).endsWith("/secrets/" + name);
        assertThat(made.resolve(name)).content().matches("[0-9a-f]{48}");
        seen.add(Files.readString(made.resolve(name)));
      }
    }
    assertThat(seen).hasSameSizeAs(names);
    assertThat(made.toFile().list()).hasSameSizeAs(names);
    assertThat(Files.readString(DOCKER.resolve("secrets/README.example"))).contains(names);
    assertThat(Path.of(".gitignore")).content().contains("\n/docker/secrets/*\n");
  }

  @Test
  void passwordsComeFromSecretsTheServiceHas() {
    for (JsonNode service : services) {
      List<String> files = texts(service.path("secrets")).stream().map(SECRETS::concat).toList();
      JsonNode environment = service.path("environment");
      for (String name : names(environment)) {
        assertThat(files.contains(environment.get(name).asText()))
            .as(name)
            .isEqualTo(name.contains("PASSWORD"));
      }
    }
  }

  @Test
  void theHubUnderstandsItsEnvironment(@TempDir Path secrets) throws IOException {
    Path defaults = Path.of("src/main/resources/application.properties");
    String known =
        Files.readString(defaults).replaceAll("[.-]", "_") + "hub_profile=hub_log=hub_log_file=";
    Map<String, String> environment = new TreeMap<>();
    JsonNode given = services.at("/hub/environment");
    for (String name : names(given)) {
      environment.put(name, given.get(name).asText().replace(SECRETS, secrets + "/"));
      assertThat(known).containsIgnoringCase(name.replace("_SHARD_B_", "_SHARD_A_") + "=");
    }
    for (String secret : texts(services.at("/hub/secrets"))) {
      Files.writeString(secrets.resolve(secret), "of " + secret + "\n");
    }
    HubSettings settings = HubSettings.load(Path.of("none"), environment, Map.of());
    Backends backends = settings.external();
    assertThat(backends.redisPassword().value()).isEqualTo("of redis");
    assertThat(backends.shards()).hasSize(2);
    for (ShardSettings shard : backends.shards()) {
      String server = "postgres-" + shard.name();
      assertThat(names(services)).contains(server);
      assertThat(shard.jdbcUrl()).isEqualTo("jdbc:postgresql://" + server + ":5432/hub");
      assertThat(shard.ownerPassword().value()).isEqualTo("of shard-" + shard.name() + "-owner");
      assertThat(shard.servicePassword().value())
          .isEqualTo("of shard-" + shard.name() + "-service");
    }
    assertThat(texts(services.at("/hub/volumes")))
        .contains("../tenants.yaml:" + settings.text("hub.tenants.file") + ":ro")
        .contains("hub-data:" + settings.text("hub.data.directory"));
  }

  @Test
  void theImageRunsAsItsOwnUserAndCopiesOnlyWhatExists() throws IOException {
    List<String> lines = Files.readAllLines(DOCKER.resolve("Dockerfile"));
    List<String> sent = Files.readAllLines(DOCKER.resolve("Dockerfile.dockerignore"));
    assertThat(sent).contains("*");
    assertThat(lines.lastIndexOf("USER hub")).isGreaterThan(lines.lastIndexOf("FROM runtime"));
    assertThat(lines).noneMatch(line -> line.startsWith("ADD ") || line.matches("USER (?!hub$).*"));
    for (String line : lines) {
      if (line.startsWith("FROM ")) {
        assertThat(line).matches("FROM (runtime|[a-z./-]+:[0-9]+\\.[0-9]+\\.[^ ]+)( AS [a-z]+)?");
      }
      if (line.startsWith("COPY ") && !line.contains("--from=")) {
        String source = line.split(" ")[1];
        assertThat(Path.of(source)).exists();
        assertThat(sent).contains("!" + source);
      }
    }
  }

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
        .containsExactly("hub:" + services.at("/hub/environment/HUB_ADMIN_PORT").asText());
  }

  @Test
  void theListedMetricsAreTheHubs() throws IOException {
    TestHub hub = TestHub.shared();
    String sample = "connectors/odoo/samples/workorder.from-erp.in-progress.json";
    for (byte[] body : List.of(Files.readAllBytes(Path.of(sample)), "{".getBytes(UTF_8))) {
      hub.post("/v1/events/odoo", "river", "application/json", body);
    }
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

  @Test
  void composeAcceptsTheFile() throws Exception {
    assumeTrue(
        works("docker compose version"),
        "docker compose is not installed: compose.yaml not checked by it");
    run(DOCKER, "docker", "compose", "-f", "compose.yaml", "config", "--quiet");
  }

  /** Anchors and merge keys are resolved by SnakeYAML, which Jackson does not do. */
  private static JsonNode yaml(Path file) throws IOException {
    return Json.mapper().valueToTree(new Yaml().load(Files.readString(file)));
  }

  private static Set<String> names(JsonNode node) {
    return node.properties().stream().map(Map.Entry::getKey).collect(Collectors.toSet());
  }

  private static List<String> texts(JsonNode list) {
    return list.valueStream().map(JsonNode::asText).toList();
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

  private static void run(Path folder, String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as("%s%n%s", List.of(command), output).isZero();
  }

  private static boolean works(String command) throws IOException, InterruptedException {
    return new ProcessBuilder("sh", "-c", command + " >/dev/null 2>&1").start().waitFor() == 0;
  }
}
