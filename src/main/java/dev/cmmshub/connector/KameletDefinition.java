package dev.cmmshub.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.cmmshub.tenant.SystemKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The parameters that a Kamelet's definition names.
 *
 * @param names all it takes
 * @param secrets those whose format is {@code password}
 * @param required those without a default that it needs
 */
record KameletDefinition(Set<String> names, Set<String> secrets, Set<String> required) {
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final KameletDefinition NONE = new KameletDefinition(Set.of(), Set.of(), Set.of());

  /** What a connector's Kamelets want to be told of a system, besides what the hub tells them. */
  static SystemKind kind(Connector connector) {
    Optional<KameletDefinition> sink = of(connector, connector.sink());
    Optional<KameletDefinition> source =
        of(connector, connector.source().map(Connector.Source::kamelet));
    Optional<Set<String>> names = Optional.empty();
    if (sink.isPresent() && source.isPresent()) {
      Set<String> both = new TreeSet<>(sink.get().names());
      both.addAll(source.get().names());
      both.remove(SystemSources.POLL);
      both.remove(KameletParameters.EGRESS);
      names = Optional.of(both);
    }
    Set<String> secrets = new TreeSet<>();
    sink.ifPresent(found -> secrets.addAll(found.secrets()));
    source.ifPresent(found -> secrets.addAll(found.secrets()));
    return new SystemKind(
        connector.resources(),
        names,
        secrets,
        source.map(found -> found.without(connector)).orElse(Set.of()),
        sink.orElse(NONE).required(),
        connector.hook().map(HookScheme::secret),
        Optional.of(connector.codes().keySet()),
        connector.batch());
  }

  /** What the manifest or the hub itself gives each poll, no tenant has to. */
  private Set<String> without(Connector connector) {
    Set<String> wanted = new TreeSet<>(required);
    wanted.remove(SystemSources.POLL);
    connector
        .source()
        .ifPresent(
            found -> found.resources().values().forEach(given -> wanted.removeAll(given.keySet())));
    return wanted;
  }

  /** Without a Kamelet nothing is taken; of one that is not in the folder nothing is known. */
  private static Optional<KameletDefinition> of(Connector connector, Optional<String> kamelet) {
    if (kamelet.isEmpty()) {
      return Optional.of(NONE);
    }
    Path file = connector.folder().resolve(kamelet.get() + ".kamelet.yaml");
    if (Files.notExists(file)) {
      return Optional.empty();
    }
    try {
      JsonNode definition = YAML.readTree(Files.readAllBytes(file)).at("/spec/definition");
      Set<String> names = new TreeSet<>();
      Set<String> secrets = new TreeSet<>();
      for (Map.Entry<String, JsonNode> property : definition.path("properties").properties()) {
        names.add(property.getKey());
        if (property.getValue().path("format").asText().equals("password")) {
          secrets.add(property.getKey());
        }
      }
      Set<String> required = new TreeSet<>();
      definition.path("required").forEach(name -> required.add(name.asText()));
      return Optional.of(new KameletDefinition(names, secrets, required));
    } catch (IOException e) {
      throw new IllegalArgumentException(file + ": cannot be read as YAML: " + e.getMessage(), e);
    }
  }
}
