package dev.cmmshub.connector;

import dev.cmmshub.tenant.BatchBuilder;
import dev.cmmshub.tenant.BatchDefinition;
import dev.cmmshub.yaml.Field;
import dev.cmmshub.yaml.MistakesException;
import dev.cmmshub.yaml.YamlFile;
import dev.cmmshub.yaml.YamlSchema;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads one {@code connector.yaml}. */
final class ManifestReader {
  private static final YamlSchema SCHEMA = new YamlSchema("/schema/connector.schema.json");

  /**
   * @throws MistakesException telling everything that is wrong, each with line and column
   */
  Connector read(Path manifest) {
    YamlFile yaml = YamlFile.read(manifest, "check its permissions");
    SCHEMA.check(yaml);
    Field root = yaml.root();
    Path file = manifest.toAbsolutePath();
    String named = file.getName(file.getNameCount() - 2).toString();
    root.at("name")
        .text()
        .filter(name -> !named.equals(name))
        .ifPresent(
            name -> root.at("name").wrong("'" + name + "': expected the folder's name " + named));
    ErrorRules errors = ErrorRulesReader.read(root.at("errors"));
    Optional<HookScheme> hook = HookSchemeReader.read(root.at("hook"));
    List<BatchDefinition> batch =
        BatchBuilder.ofConnector(root.at("batch"), root.at("resources").fields().keySet(), named);
    yaml.requireSound();
    Connector connector = connector(manifest.resolveSibling(""), root, errors, hook, batch);
    requireMappings(root, connector);
    yaml.requireSound();
    return connector;
  }

  private static Connector connector(
      Path folder,
      Field root,
      ErrorRules errors,
      Optional<HookScheme> hook,
      List<BatchDefinition> batch) {
    return new Connector(
        text(root.at("name")),
        text(root.at("title")),
        folder,
        new LinkedHashSet<>(root.at("contentTypes").texts()),
        folder.resolve(text(root.at("envelope"))),
        root.at("sink").text(),
        root.at("source").text().map(kamelet -> source(folder, kamelet, root)),
        entities(folder, root.at("entities")),
        root.at("idempotencyKey").flag(false),
        errors,
        hook,
        codes(root.at("codes")),
        batch);
  }

  private static Map<String, Map<String, String>> codes(Field tables) {
    Map<String, Map<String, String>> codes = new TreeMap<>();
    tables
        .fields()
        .forEach(
            (table, field) -> {
              Map<String, String> entries = new TreeMap<>();
              field.fields().forEach((code, value) -> entries.put(code, text(value)));
              codes.put(table, entries);
            });
    return codes;
  }

  private static String text(Field field) {
    return field.text().orElseThrow();
  }

  private static Connector.Source source(Path folder, String kamelet, Field root) {
    Map<String, Map<String, String>> resources = new TreeMap<>();
    root.at("resources")
        .fields()
        .forEach(
            (resource, field) -> {
              Map<String, String> parameters = new TreeMap<>();
              field.fields().forEach((name, value) -> parameters.put(name, text(value)));
              resources.put(resource, parameters);
            });
    return new Connector.Source(kamelet, folder.resolve(text(root.at("page"))), resources);
  }

  private static Map<String, Connector.Directions> entities(Path folder, Field entities) {
    Map<String, Connector.Directions> built = new TreeMap<>();
    entities
        .fields()
        .forEach(
            (entity, field) ->
                built.put(
                    entity,
                    new Connector.Directions(
                        field.at("fromErp").flag(false),
                        field.at("toErp").flag(false),
                        lookup(folder, field))));
    return built;
  }

  private static Optional<Connector.Lookup> lookup(Path folder, Field entity) {
    return entity
        .at("lookup")
        .text()
        .map(
            request ->
                new Connector.Lookup(
                    folder.resolve(request), folder.resolve(text(entity.at("found")))));
  }

  private static void requireMappings(Field root, Connector connector) {
    connector.source().ifPresent(source -> requireThere(root.at("page"), source.page()));
    connector
        .entities()
        .forEach(
            (entity, directions) -> {
              Field field = root.at("entities").at(entity);
              for (Direction direction : Direction.values()) {
                connector.mapping(entity, direction).ifPresent(file -> requireThere(field, file));
              }
              directions
                  .lookup()
                  .ifPresent(
                      lookup -> {
                        requireThere(field.at("lookup"), lookup.request());
                        requireThere(field.at("found"), lookup.found());
                      });
            });
  }

  private static void requireThere(Field field, Path mapping) {
    if (Files.notExists(mapping)) {
      field.wrong("the mapping " + mapping + " is missing");
    }
  }
}
