package dev.cmmshub.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.message.Json;
import dev.cmmshub.tenant.Tenant;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What {@code $codes} stands for in a mapping: the connector's code tables, with the tenant's own
 * entries in their place. Made once a version of a tenant.
 */
public final class CodeTables {
  /**
   * @param given the tenant's own, as they were when this was made
   */
  private record Made(Map<String, Map<String, String>> given, JsonNode tables) {}

  private final Map<String, Connector> connectors;
  private final Map<String, JsonNode> ofConnectors = new TreeMap<>();
  private final Map<String, Made> ofSystems = new ConcurrentHashMap<>();

  public CodeTables(Map<String, Connector> connectors) {
    this.connectors = connectors;
    connectors.forEach((name, connector) -> ofConnectors.put(name, of(connector)));
  }

  /** Of a system whose tenant has none of its own. */
  public static JsonNode of(Connector connector) {
    return node(connector.codes());
  }

  /**
   * Those of the connector that a mapping belongs to; none when it is in no connector's folder.
   *
   * @throws IllegalArgumentException when something is wrong with the connector's manifest
   */
  public static JsonNode beside(Path mapping) {
    Path manifest = mapping.toAbsolutePath().resolveSibling("../connector.yaml").normalize();
    return Files.exists(manifest) ? of(new ManifestReader().read(manifest)) : node(Map.of());
  }

  /** By the tables' names; must not be changed. */
  public JsonNode of(Tenant tenant, String system) {
    String connector = tenant.system(system).orElseThrow().connector();
    if (tenant.codes().isEmpty()) {
      return ofConnectors.get(connector);
    }
    Made made =
        ofSystems.compute(
            tenant.id() + '/' + system + '/' + connector,
            (name, known) ->
                known != null && known.given().equals(tenant.codes())
                    ? known
                    : new Made(tenant.codes(), merged(connector, tenant, system + '/')));
    return made.tables();
  }

  private JsonNode merged(String connector, Tenant tenant, String prefix) {
    Map<String, Map<String, String>> tables = new TreeMap<>(connectors.get(connector).codes());
    tenant
        .codes()
        .forEach(
            (name, entries) -> {
              if (name.startsWith(prefix)) {
                tables.merge(name.substring(prefix.length()), entries, CodeTables::over);
              }
            });
    return node(tables);
  }

  private static Map<String, String> over(Map<String, String> usual, Map<String, String> own) {
    Map<String, String> both = new TreeMap<>(usual);
    both.putAll(own);
    return both;
  }

  private static JsonNode node(Map<String, Map<String, String>> tables) {
    ObjectNode node = Json.mapper().createObjectNode();
    tables.forEach(
        (table, entries) -> {
          ObjectNode codes = node.putObject(table);
          entries.forEach(codes::put);
        });
    return node;
  }
}
