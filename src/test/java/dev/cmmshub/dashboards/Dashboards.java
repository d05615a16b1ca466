package dev.cmmshub.dashboards;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.message.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.yaml.snakeyaml.Yaml;

/** The dashboards and recording rules of {@code docker/}. */
final class Dashboards {
  static final Path FOLDER = Path.of("docker/grafana/dashboards");

  /** One query of a panel. */
  record Query(String expression, String legend) {
    /** As Grafana sends it, with these values of the dashboard's variables. */
    String with(Map<String, String> variables) {
      String text = expression;
      for (Map.Entry<String, String> variable : variables.entrySet()) {
        text = text.replace("$" + variable.getKey(), variable.getValue());
      }
      return text;
    }
  }

  /** A panel; {@code type} is Grafana's. */
  record Panel(String title, String type, String unit, String description, List<Query> queries) {}

  /**
   * A dashboard.
   *
   * @param variables by name, the query of their values
   */
  record Dashboard(String name, String title, Map<String, String> variables, List<Panel> panels) {
    /** What "All" stands for. */
    Map<String, String> all() {
      Map<String, String> all = new TreeMap<>();
      variables.keySet().forEach(name -> all.put(name, ".*"));
      return all;
    }
  }

  private Dashboards() {}

  static List<Dashboard> all() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      List<Dashboard> all = new ArrayList<>();
      for (Path file : files.sorted().toList()) {
        all.add(of(file));
      }
      return all;
    }
  }

  private static Dashboard of(Path file) throws IOException {
    JsonNode tree = Json.read(Files.readAllBytes(file));
    Map<String, String> variables = new TreeMap<>();
    for (JsonNode variable : tree.at("/templating/list")) {
      variables.put(variable.get("name").asText(), variable.at("/query/query").asText());
    }
    List<Panel> panels = new ArrayList<>();
    for (JsonNode panel : tree.get("panels")) {
      panels.add(
          new Panel(
              panel.get("title").asText(),
              panel.get("type").asText(),
              panel.at("/fieldConfig/defaults/unit").asText(),
              panel.path("description").asText(),
              panel
                  .get("targets")
                  .valueStream()
                  .map(
                      query ->
                          new Query(
                              query.get("expr").asText(), query.path("legendFormat").asText()))
                  .toList()));
    }
    String name = file.getFileName().toString().replace(".json", "");
    return new Dashboard(name, tree.get("title").asText(), variables, panels);
  }

  /** The names of what is recorded. */
  static List<String> recorded() throws IOException {
    JsonNode rules =
        Json.mapper()
            .valueToTree(new Yaml().load(Files.readString(Path.of("docker/prometheus/rules.yml"))));
    return rules.findValuesAsText("record");
  }
}
