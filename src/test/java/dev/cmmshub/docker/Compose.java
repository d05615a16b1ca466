package dev.cmmshub.docker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.message.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.Yaml;

/** docker/compose.yaml, with its anchors and merge keys resolved. */
final class Compose {
  static final Path DOCKER = Path.of("docker");

  final JsonNode file = yaml(DOCKER.resolve("compose.yaml"));
  final JsonNode services = file.get("services");

  Compose() throws IOException {}

  /** The services of each profile. */
  Map<String, Set<String>> profiles() {
    Map<String, Set<String>> profiles = new TreeMap<>();
    for (String service : names(services)) {
      for (String profile : texts(services.get(service).path("profiles"))) {
        profiles.computeIfAbsent(profile, name -> new TreeSet<>()).add(service);
      }
    }
    return profiles;
  }

  /** Anchors and merge keys are resolved by SnakeYAML, which Jackson does not do. */
  static JsonNode yaml(Path file) throws IOException {
    return Json.mapper().valueToTree(new Yaml().load(Files.readString(file)));
  }

  static Set<String> names(JsonNode node) {
    return node.properties().stream().map(Map.Entry::getKey).collect(Collectors.toSet());
  }

  static List<String> texts(JsonNode list) {
    return list.valueStream().map(JsonNode::asText).toList();
  }
}
