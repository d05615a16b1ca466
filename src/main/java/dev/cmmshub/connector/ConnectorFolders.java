package dev.cmmshub.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import dev.cmmshub.tenant.SystemKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads every {@code connectors/<name>/connector.yaml} against its JSON Schema. */
public final class ConnectorFolders {
  private static final YAMLMapper YAML = new YAMLMapper();

  private final JsonSchema schema;

  public ConnectorFolders() {
    try (InputStream stream =
        ConnectorFolders.class.getResourceAsStream("/schema/connector.schema.json")) {
      this.schema =
          JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(stream);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * All connectors by name.
   *
   * @throws IllegalArgumentException naming the file and what does not fit
   */
  public Map<String, Connector> read(Path folder) {
    try (Stream<Path> children = Files.list(folder)) {
      Map<String, Connector> connectors = new TreeMap<>();
      for (Path child : children.filter(c -> Files.exists(c.resolve("connector.yaml"))).toList()) {
        Connector connector = readOne(child);
        connectors.put(connector.name(), connector);
      }
      return connectors;
    } catch (IOException e) {
      throw new IllegalArgumentException(
          folder + ": cannot be read; name the folder with hub.connectors.folder", e);
    }
  }

  /** The names of connectors, each with what it wants to know of a system. */
  public static Map<String, SystemKind> kinds(Map<String, Connector> connectors) {
    Map<String, SystemKind> kinds = new TreeMap<>();
    connectors.forEach((name, connector) -> kinds.put(name, KameletDefinition.kind(connector)));
    return kinds;
  }

  private Connector readOne(Path folder) throws IOException {
    Path file = folder.resolve("connector.yaml");
    JsonNode manifest = YAML.readTree(Files.readAllBytes(file));
    Set<ValidationMessage> messages = schema.validate(manifest);
    if (!messages.isEmpty()) {
      throw new IllegalArgumentException(
          file
              + ": "
              + messages.stream()
                  .map(ValidationMessage::getMessage)
                  .sorted()
                  .collect(Collectors.joining("; ")));
    }
    String name = manifest.get("name").asText();
    if (!folder.endsWith(name)) {
      throw new IllegalArgumentException(
          file + ": name: '" + name + "': expected the folder's name " + folder.getFileName());
    }
    Set<String> contentTypes = new LinkedHashSet<>();
    manifest.get("contentTypes").forEach(type -> contentTypes.add(type.asText()));
    Connector connector =
        new Connector(
            name,
            manifest.path("title").asText(name),
            folder,
            contentTypes,
            folder.resolve(manifest.get("envelope").asText()),
            Optional.ofNullable(manifest.get("sink")).map(JsonNode::asText),
            Optional.ofNullable(manifest.get("source")).map(kamelet -> source(folder, manifest)),
            entities(folder, manifest.get("entities")),
            manifest.path("idempotencyKey").asBoolean(),
            errors(file, manifest.path("errors")));
    checkMappings(file, connector);
    return connector;
  }

  private static Connector.Source source(Path folder, JsonNode manifest) {
    Map<String, Map<String, String>> resources = new TreeMap<>();
    for (Map.Entry<String, JsonNode> resource : manifest.get("resources").properties()) {
      Map<String, String> parameters = new TreeMap<>();
      resource
          .getValue()
          .properties()
          .forEach(p -> parameters.put(p.getKey(), p.getValue().asText()));
      resources.put(resource.getKey(), parameters);
    }
    return new Connector.Source(
        manifest.get("source").asText(), folder.resolve(manifest.get("page").asText()), resources);
  }

  private static Map<String, Connector.Directions> entities(Path folder, JsonNode node) {
    Map<String, Connector.Directions> entities = new TreeMap<>();
    node.properties()
        .forEach(
            entry ->
                entities.put(
                    entry.getKey(),
                    new Connector.Directions(
                        entry.getValue().path("fromErp").asBoolean(),
                        entry.getValue().path("toErp").asBoolean(),
                        lookup(folder, entry.getValue()))));
    return entities;
  }

  private static Optional<Connector.Lookup> lookup(Path folder, JsonNode entity) {
    return Optional.ofNullable(entity.get("lookup"))
        .map(
            request ->
                new Connector.Lookup(
                    folder.resolve(request.asText()),
                    folder.resolve(entity.get("found").asText())));
  }

  private static ErrorRules errors(Path file, JsonNode node) {
    try {
      return ErrorRulesReader.read(node);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }

  private static void checkMappings(Path manifest, Connector connector) {
    if (connector.source().isPresent() && Files.notExists(connector.source().get().page())) {
      throw new IllegalArgumentException(
          manifest + ": page: the mapping " + connector.source().get().page() + " is missing");
    }
    connector
        .entities()
        .forEach(
            (entity, directions) -> {
              Stream<Path> translated =
                  Stream.of(Direction.values())
                      .flatMap(direction -> connector.mapping(entity, direction).stream());
              Stream<Path> asked =
                  directions.lookup().stream()
                      .flatMap(lookup -> Stream.of(lookup.request(), lookup.found()));
              Stream.concat(translated, asked)
                  .filter(Files::notExists)
                  .forEach(missing -> refuse(manifest, entity, missing));
            });
  }

  private static void refuse(Path manifest, String entity, Path missing) {
    throw new IllegalArgumentException(
        manifest + ": entities." + entity + ": the mapping " + missing + " is missing");
  }
}
