package dev.cmmshub.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.message.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** Who is woken by an alert finds what to do. */
class RunbooksTest {
  private static final Path RULES = Path.of("docker/prometheus/rules.yml");
  private static final Path PAGE = Path.of("docs/operations.md");

  private final List<JsonNode> alerts = alerts();
  private final Map<String, String> sections = sections();

  RunbooksTest() throws IOException {}

  @Test
  void everyAlertNamesASectionThatIsThere() {
    assertThat(alerts).hasSizeGreaterThan(15);
    for (JsonNode alert : alerts) {
      String name = alert.get("alert").asText();
      assertThat(alert.at("/annotations/summary").asText()).as(name).isNotBlank();
      String[] runbook = alert.at("/annotations/runbook_url").asText().split("#");
      assertThat(Path.of(runbook[0])).as(name).isEqualTo(PAGE);
      assertThat(sections).as(name).containsKey(runbook[1]);
    }
  }

  /** What it means, how urgent it is, and steps with a command or a query. */
  @Test
  void everySectionSaysHowUrgentItIsAndWhatToDo() {
    for (JsonNode alert : alerts) {
      String name = alert.get("alert").asText();
      String severity = alert.at("/labels/severity").asText();
      assertThat(severity).as(name).isIn("critical", "warning");
      String section = sections.get(name.toLowerCase(Locale.ROOT));
      assertThat(section)
          .as(name)
          .startsWith("\n**" + capital(severity) + ".** ")
          .contains("\n1. ")
          .containsPattern("`[^`]+`");
    }
  }

  @Test
  void noSectionIsLeftOfAnAlertThatIsGone() {
    List<String> names =
        alerts.stream().map(alert -> alert.get("alert").asText().toLowerCase(Locale.ROOT)).toList();
    assertThat(sections.keySet().stream().filter(anchor -> anchor.matches("hub[a-z]+")))
        .containsExactlyInAnyOrderElementsOf(names);
  }

  private static String capital(String word) {
    return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
  }

  private static List<JsonNode> alerts() throws IOException {
    JsonNode rules = Json.mapper().valueToTree(new Yaml().load(Files.readString(RULES)));
    List<JsonNode> alerts = new ArrayList<>();
    for (JsonNode group : rules.get("groups")) {
      group.get("rules").valueStream().filter(rule -> rule.has("alert")).forEach(alerts::add);
    }
    return alerts;
  }

  /** Texts by the anchors that GitHub gives their headings. */
  private static Map<String, String> sections() throws IOException {
    Map<String, String> sections = new TreeMap<>();
    for (String part : Files.readString(PAGE).split("\n##+ ")) {
      int end = part.indexOf('\n');
      String heading = part.substring(0, end).toLowerCase(Locale.ROOT);
      sections.put(heading.replaceAll("[^a-z0-9 -]", "").replace(' ', '-'), part.substring(end));
    }
    return sections;
  }
}
