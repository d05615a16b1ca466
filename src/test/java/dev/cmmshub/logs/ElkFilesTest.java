package dev.cmmshub.logs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.message.Json;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** What can be checked of docker/elk without its programs; LogSearchTest runs the rest. */
class ElkFilesTest {
  private static final Path ELK = Path.of("docker/elk");
  private static final String DATASET = "cmms_hub";

  /** Actions of each phase, by Elasticsearch's reference of index lifecycle actions. */
  private static final Map<String, Set<String>> ACTIONS =
      Map.of(
          "hot", Set.of("set_priority", "rollover", "readonly", "shrink", "forcemerge"),
          "warm", Set.of("set_priority", "readonly", "allocate", "migrate", "shrink", "forcemerge"),
          "cold", Set.of("set_priority", "readonly", "allocate", "migrate"),
          "delete", Set.of("wait_for_snapshot", "delete"));

  private static final Set<String> ROLLOVER =
      Set.of("max_age", "max_docs", "max_size", "max_primary_shard_size", "max_primary_shard_docs");

  @Test
  void theLifecycleHasOnlyWhatElasticsearchKnowsAndItsPhasesComeOneAfterTheOther()
      throws IOException {
    JsonNode file = json("elasticsearch/ilm.json");
    assertThat(names(file)).containsExactly("policy");
    JsonNode phases = file.at("/policy/phases");
    assertThat(names(phases)).isSubsetOf(ACTIONS.keySet()).contains("hot", "delete");
    phases
        .properties()
        .forEach(
            phase -> {
              assertThat(names(phase.getValue())).isSubsetOf("min_age", "actions");
              assertThat(names(phase.getValue().get("actions")))
                  .isSubsetOf(ACTIONS.get(phase.getKey()));
            });
    JsonNode rollover = phases.at("/hot/actions/rollover");
    assertThat(names(rollover)).isNotEmpty().isSubsetOf(ROLLOVER);
    assertThat(rollover.get("max_age").asText()).matches("[1-9][0-9]*[dhm]");
    assertThat(rollover.get("max_primary_shard_size").asText()).matches("[1-9][0-9]*(gb|mb)");
    assertThat(days(phases.at("/warm/min_age"))).isLessThan(days(phases.at("/delete/min_age")));
  }

  private static int days(JsonNode age) {
    assertThat(age.asText()).matches("[1-9][0-9]*d");
    return Integer.parseInt(age.asText().replace("d", ""));
  }

  @Test
  void theNamesOfPolicyPipelineTemplateAndStreamAreTheSameEverywhere() throws IOException {
    String setup = Files.readString(ELK.resolve("setup.sh"));
    assertThat(json("elasticsearch/lifecycle.json").findValuesAsText("index.lifecycle.name"))
        .allMatch(name -> setup.contains("put _ilm/policy/" + name + ' '))
        .hasSize(1);
    assertThat(json("elasticsearch/settings.json").findValuesAsText("index.default_pipeline"))
        .allMatch(name -> setup.contains("put _ingest/pipeline/" + name + ' '))
        .hasSize(1);
    JsonNode template = json("elasticsearch/template.json");
    template
        .get("composed_of")
        .forEach(part -> assertThat(setup).contains("put _component_template/" + part.asText()));
    // Elasticsearch's own template of all logs has priority 100.
    assertThat(template.get("priority").asInt()).isGreaterThan(100);
    String pattern = template.at("/index_patterns/0").asText();
    assertThat(pattern).isEqualTo("logs-" + DATASET + "-*");
    assertThat(setup).contains("\"names\": [\"" + pattern + "\"]");
    assertThat(SavedObjects.of("index-pattern").get(0).at("/attributes/title").asText())
        .isEqualTo(pattern);
    String logstash = Files.readString(ELK.resolve("logstash/pipeline/hub.conf"));
    assertThat(logstash)
        .contains("data_stream_dataset => \"" + DATASET + '"', "user => \"hub_logs\"")
        .doesNotContain("filter {");
    assertThat(Files.readString(Path.of("src/main/resources/log4j2.xml")))
        .contains("eventDataset=\"" + DATASET + '"');
  }

  @Test
  void filebeatSendsWhatHubsWriteToWhereLogstashListens() throws IOException {
    JsonNode filebeat = yaml(ELK.resolve("filebeat/filebeat.yml"));
    String glob = filebeat.at("/filebeat.inputs/0/paths/0").asText();
    PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
    Set<String> files = new HashSet<>();
    for (String node : List.of("hub-1", "hub-2")) {
      JsonNode hub = yaml(Path.of("docker/compose.yaml")).at("/services").get(node);
      String file = hub.at("/environment/HUB_LOG_FILE").asText();
      // Also what was rolled.
      assertThat(List.of(file, file + ".1")).allMatch(one -> matcher.matches(Path.of(one)));
      assertThat(hub.get("volumes").toString()).contains("hub-logs:" + Path.of(file).getParent());
      assertThat(files.add(file)).isTrue();
    }
    String port = filebeat.at("/output.logstash/hosts/0").asText().split(":")[1];
    assertThat(ELK.resolve("logstash/pipeline/hub.conf")).content().contains("port => " + port);
  }

  @Test
  void everyReferenceOfASavedObjectLeadsToOne() throws IOException {
    List<JsonNode> all = SavedObjects.all();
    Set<String> there = new HashSet<>();
    all.forEach(one -> assertThat(there.add(id(one))).as(id(one)).isTrue());
    for (JsonNode one : all) {
      assertThat(one.get("references")).isNotNull();
      one.get("references").forEach(reference -> assertThat(there).contains(id(reference)));
      JsonNode source = one.at("/attributes/kibanaSavedObjectMeta/searchSourceJSON");
      if (!source.isMissingNode() && !one.get("type").asText().equals("dashboard")) {
        JsonNode inner =
            SavedObjects.inner(one, "/attributes/kibanaSavedObjectMeta/searchSourceJSON");
        assertThat(inner.get("indexRefName")).isEqualTo(one.at("/references/0/name"));
      }
    }
    JsonNode dashboard = SavedObjects.of("dashboard").get(0);
    Set<String> panels =
        SavedObjects.inner(dashboard, "/attributes/panelsJSON")
            .findValuesAsText("panelRefName")
            .stream()
            .collect(Collectors.toSet());
    assertThat(
            dashboard.get("references").findValuesAsText("name").stream()
                .map(name -> name.substring(name.indexOf(':') + 1)))
        .containsExactlyInAnyOrderElementsOf(panels);
  }

  private static String id(JsonNode object) {
    return object.get("type").asText() + '/' + object.get("id").asText();
  }

  @Test
  void everyFieldThatIsSearchedShownOrCountedIsInTheTemplate() throws IOException {
    Set<String> mapped = new HashSet<>();
    fields("", json("elasticsearch/mappings.json").at("/template/mappings"), mapped);
    Set<String> used = new HashSet<>();
    for (JsonNode one : SavedObjects.all()) {
      one.at("/attributes/columns").forEach(column -> used.add(column.asText()));
      if (one.at("/attributes/sort/0/0").isTextual()) {
        used.add(one.at("/attributes/sort/0/0").asText());
      }
      if (List.of("search", "visualization").contains(one.get("type").asText())) {
        Pattern.compile("([a-z_.@]+):")
            .matcher(SavedObjects.query(one))
            .results()
            .map((MatchResult found) -> found.group(1))
            .forEach(used::add);
      }
      if (one.get("type").asText().equals("visualization")) {
        used.addAll(SavedObjects.inner(one, "/attributes/visState").findValuesAsText("field"));
      }
    }
    assertThat(used).hasSizeGreaterThan(10);
    assertThat(mapped).containsAll(used);
  }

  private static void fields(String path, JsonNode mapping, Set<String> into) {
    mapping
        .path("properties")
        .properties()
        .forEach(
            field -> {
              String name = path + field.getKey();
              if (field.getValue().has("type")) {
                into.add(name);
              }
              fields(name + '.', field.getValue(), into);
            });
  }

  /** What the operations page promises is what the code writes and the template has. */
  @Test
  void everyFieldOfTheOperationsPageIsInTheTemplate() throws IOException {
    String page = Files.readString(Path.of("docs/operations.md"));
    int begin = page.indexOf("| field |", page.indexOf("\n## Logs\n"));
    String table = page.substring(begin, page.indexOf("\n\n", begin));
    Set<String> mapped = new HashSet<>();
    fields("", json("elasticsearch/mappings.json").at("/template/mappings"), mapped);
    List<String> told =
        Stream.of(table.split("\n"))
            .filter(row -> row.startsWith("| `"))
            .flatMap(row -> Pattern.compile("`([^`]+)`").matcher(row.split("\\|")[1]).results())
            .map(found -> found.group(1))
            .toList();
    assertThat(told).hasSizeGreaterThan(15);
    assertThat(mapped).containsAll(told);
  }

  private static Set<String> names(JsonNode node) {
    return node.properties().stream().map(Map.Entry::getKey).collect(Collectors.toSet());
  }

  private static JsonNode json(String file) throws IOException {
    return Json.mapper().readTree(Files.readString(ELK.resolve(file)));
  }

  private static JsonNode yaml(Path file) throws IOException {
    return Json.mapper().valueToTree(new Yaml().load(Files.readString(file)));
  }
}
