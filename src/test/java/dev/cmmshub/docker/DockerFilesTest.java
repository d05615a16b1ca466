package dev.cmmshub.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.cmmshub.TestHub;
import dev.cmmshub.message.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What can be checked of docker/ without a container engine. */
class DockerFilesTest {
  private static final Path DOCKER = Path.of("docker");
  private static final Pattern METRIC =
      Pattern.compile("\\b((?:hub|jvm|hikaricp|process)_[a-z_]+)\\b");

  /** Anchors and merge keys are resolved by SnakeYAML, which Jackson does not do. */
  private static JsonNode compose() throws IOException {
    Object tree =
        new Yaml(new SafeConstructor(new LoaderOptions()))
            .load(Files.readString(DOCKER.resolve("compose.yaml")));
    return Json.mapper().valueToTree(tree);
  }

  @Test
  void everyServiceIsPinnedBoundedAndWatched() throws IOException {
    compose()
        .get("services")
        .properties()
        .forEach(
            entry -> {
              JsonNode service = entry.getValue();
              assertThat(service.get("image").asText())
                  .as(entry.getKey())
                  .matches("[a-z0-9./-]+:v?[0-9][0-9A-Za-z._-]*");
              assertThat(service.has("mem_limit")).as(entry.getKey()).isTrue();
              // The hub's is in its image.
              assertThat(service.has("healthcheck") || service.has("build"))
                  .as(entry.getKey())
                  .isTrue();
            });
  }

  @Test
  void everySecretVolumeFileAndDependencyNamedExists() throws IOException {
    JsonNode compose = compose();
    Set<String> secrets = names(compose.get("secrets"));
    Set<String> volumes = names(compose.get("volumes"));
    Set<String> services = names(compose.get("services"));
    Set<String> used = new TreeSet<>();
    for (JsonNode service : compose.get("services")) {
      service.path("secrets").forEach(secret -> used.add(secret.asText()));
      service
          .path("depends_on")
          .fieldNames()
          .forEachRemaining(n -> assertThat(services).contains(n));
      for (JsonNode volume : service.path("volumes")) {
        String source = volume.asText().split(":")[0];
        if (source.startsWith(".")) {
          assertThat(DOCKER.resolve(source)).exists();
        } else {
          assertThat(volumes).contains(source);
        }
      }
      for (JsonNode port : service.path("ports")) {
        assertThat(port.asText()).matches("8080:8080|127\\.0\\.0\\.1:.*");
      }
    }
    assertThat(used).isEqualTo(secrets);
    String script = Files.readString(DOCKER.resolve("make-secrets.sh"));
    assertThat(secrets).allSatisfy(secret -> assertThat(script).contains(secret));
    assertThat(Files.readString(Path.of(".gitignore"))).contains("/docker/secrets/*");
  }

  @Test
  void everySettingOfTheHubIsOneTheHubReads() throws IOException {
    String known =
        Files.readString(Path.of("src/main/resources/application.properties"))
            .replaceAll("[.-]", "_")
            .toUpperCase(java.util.Locale.ROOT);
    compose()
        .at("/services/hub/environment")
        .fieldNames()
        .forEachRemaining(
            name -> assertThat(known).contains(name.replace("_SHARD_B_", "_SHARD_A_") + "="));
  }

  @Test
  void theImageRunsAsItsOwnUserAndCopiesOnlyWhatExists() throws IOException {
    List<String> lines = Files.readAllLines(DOCKER.resolve("Dockerfile"));
    assertThat(lines).anyMatch(line -> line.equals("USER hub"));
    for (String line : lines) {
      assertThat(line).doesNotStartWith("ADD ");
      if (line.startsWith("FROM ")) {
        assertThat(line).matches("FROM [a-z0-9./-]+:[0-9][^ ]*( AS [a-z]+)?");
      }
      if (line.startsWith("COPY ") && !line.contains("--from=")) {
        assertThat(Path.of(line.split(" ")[1])).exists();
      }
    }
  }

  @Test
  void dashboardAndRulesUseMetricsTheHubHas() throws IOException {
    TestHub hub = TestHub.shared();
    hub.post(
        "/v1/events/odoo",
        "river",
        "application/json",
        Files.readAllBytes(Path.of("connectors/odoo/samples/workorder.from-erp.in-progress.json")));
    hub.post(
        "/v1/events/odoo",
        "river",
        "application/json",
        "{".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    Set<String> named = new TreeSet<>();
    JsonNode dashboard =
        Json.read(Files.readAllBytes(DOCKER.resolve("grafana/dashboards/hub.json")));
    JsonNode datasource =
        new YAMLMapper()
            .readTree(
                Files.readAllBytes(
                    DOCKER.resolve("grafana/provisioning/datasources/prometheus.yaml")));
    assertThat(dashboard.findValuesAsText("uid"))
        .contains(datasource.at("/datasources/0/uid").asText());
    dashboard.findValuesAsText("expr").forEach(expression -> collect(expression, named));
    collect(Files.readString(DOCKER.resolve("prometheus/rules.yml")), named);
    assertThat(named).hasSizeGreaterThan(8);
    assertThat(TestHub.eventually(() -> missing(named, hub.admin("/q/metrics")).isEmpty()))
        .as("not in /q/metrics: %s", missing(named, hub.admin("/q/metrics")))
        .isTrue();
  }

  private static void collect(String text, Set<String> names) {
    Matcher matcher = METRIC.matcher(text);
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
  }

  private static List<String> missing(Set<String> names, String metrics) {
    List<String> missing = new ArrayList<>();
    for (String name : names) {
      if (!metrics.contains("\n" + name + "{") && !metrics.contains("\n" + name + " ")) {
        missing.add(name);
      }
    }
    return missing;
  }

  @Test
  void promtoolAcceptsConfigurationRulesAndMetrics() throws Exception {
    Assumptions.assumeTrue(
        runs("promtool", "--version"), "promtool is not installed: Prometheus' files not checked");
    Path folder = DOCKER.resolve("prometheus");
    check(folder, null, "promtool", "check", "config", "prometheus.yml");
    check(folder, null, "promtool", "test", "rules", "rules.test.yml");
    Path metrics = Files.createTempFile("hub", ".prom");
    Files.writeString(metrics, TestHub.shared().admin("/q/metrics"));
    check(folder, metrics, "promtool", "check", "metrics");
    Files.delete(metrics);
  }

  private static void check(Path folder, Path input, String... command) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    if (input != null) {
      builder.redirectInput(input.toFile());
    }
    Process process = builder.start();
    String output =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    int status = process.waitFor();
    // 3 stands for remarks about names, such as Micrometer's own jvm_ ones.
    assertThat(status).as(String.join(" ", command) + "\n" + output).isIn(0, input == null ? 0 : 3);
    System.out.println(
        String.join(" ", command) + ": " + output.lines().findFirst().orElse("accepted"));
  }

  private static boolean runs(String... command) {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static Set<String> names(JsonNode node) {
    Set<String> names = new TreeSet<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
