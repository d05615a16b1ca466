package dev.cmmshub.docker;

import static dev.cmmshub.docker.Compose.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/deployment.md draws and counts what compose.yaml starts. */
class DeploymentPageTest {
  private static final Pattern NODE = Pattern.compile("(\\w+)\\[\\(?\"([a-z0-9-]+)\"\\)?]");
  private static final Pattern EDGE =
      Pattern.compile("(?m)^ +([\\w &]+?) --+>(?:\\|[^|]*\\|)? ([\\w &]+)$");

  private final String page = Files.readString(Path.of("docs/deployment.md"));
  private final String diagram = page.split("```mermaid\n")[1].split("\n```")[0];
  private final Compose compose = new Compose();

  DeploymentPageTest() throws IOException {}

  /** By their ids in the diagram. */
  private Map<String, String> drawn() {
    Map<String, String> drawn = new TreeMap<>();
    NODE.matcher(diagram).results().forEach(node -> drawn.put(node.group(1), node.group(2)));
    return drawn;
  }

  /** What runs once and ends is left out. */
  @Test
  void everyServiceIsDrawnAndNothingElse() {
    Set<String> running = new TreeSet<>(Compose.names(compose.services));
    running.removeIf(name -> compose.services.at("/" + name + "/restart").asText().equals("no"));
    assertThat(drawn().values()).containsExactlyInAnyOrderElementsOf(running);
  }

  /** Between two services that are drawn as connected there is a network. */
  @Test
  void everyArrowIsAWayThatThereIs() {
    Map<String, String> drawn = drawn();
    int ways = 0;
    for (MatchResult edge : EDGE.matcher(diagram).results().toList()) {
      for (String from : edge.group(1).split(" & ")) {
        for (String to : edge.group(2).split(" & ")) {
          if (drawn.containsKey(from) && drawn.containsKey(to)) {
            assertThat(networks(drawn.get(from)))
                .as("%s --> %s", from, to)
                .containsAnyElementsOf(networks(drawn.get(to)));
            ways++;
          }
        }
      }
    }
    assertThat(ways).isGreaterThan(20);
    assertThat(diagram.lines().filter(line -> line.contains("-->")).toList())
        .hasSize((int) EDGE.matcher(diagram).results().count());
  }

  private Set<String> networks(String service) {
    JsonNode networks = compose.services.at("/" + service + "/networks");
    return new TreeSet<>(texts(networks));
  }

  /** What the page tells to set can be set. */
  @Test
  void everySettingIsOneOfTheHub() throws IOException {
    String known =
        Files.readString(Path.of("src/main/resources/application.properties"))
            + "hub.log=hub.log.file=hub.log.format=";
    Pattern.compile("\\bHUB_[A-Z_]+|`hub[.](?!properties)[a-z.-]+[a-z]`|hub[.][a-z.]+(?==)")
        .matcher(page)
        .results()
        .map(
            setting ->
                setting.group().replace("`", "").replaceAll("[-_]", ".").toLowerCase(Locale.ROOT))
        .forEach(
            setting ->
                assertThat(known.replaceAll("[-_]", "."))
                    .containsIgnoringCase(setting.replace(".b.", ".a.") + "="));
  }

  @Test
  void systemdAcceptsTheUnit(@TempDir Path folder) throws Exception {
    assumeTrue(
        Commands.works("systemd-analyze --version"),
        "systemd-analyze is not installed: the unit not checked");
    String unit = page.split("```ini\n")[1].split("```")[0];
    Files.writeString(
        folder.resolve("cmms-hub.service"), unit.replace("/usr/bin/java", "/bin/true"));
    assertThat(Commands.run(folder, "systemd-analyze", "verify", "./cmms-hub.service")).isEmpty();
  }

  @Test
  void theMemoryOfEachProfileIsCounted() {
    Map<String, Integer> counted =
        Pattern.compile("(?m)^\\| `(core|monitoring|logging|batch)` \\|.*\\| ([0-9,]+) MB \\|$")
            .matcher(page)
            .results()
            .collect(
                Collectors.toMap(
                    row -> row.group(1), row -> Integer.valueOf(row.group(2).replace(",", ""))));
    Map<String, Integer> limits = new TreeMap<>();
    compose
        .profiles()
        .forEach(
            (profile, services) ->
                limits.put(
                    profile,
                    services.stream()
                        .map(name -> compose.services.at("/" + name + "/mem_limit").asText())
                        .mapToInt(limit -> Integer.parseInt(limit.replace("m", "")))
                        .sum()));
    assertThat(counted).isEqualTo(limits);
  }
}
