package dev.cmmshub.cli.samples;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.connector.CodeTables;
import dev.cmmshub.connector.Connector;
import dev.cmmshub.tenant.Tenant;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The samples of a connector, by itself or as one system of a tenant.
 *
 * @param title for people
 * @param own where its own samples and expectations are
 * @param overrides mappings by name, without their ending
 * @param codes what {@code $codes} stands for
 */
record SampleSet(
    String title, Connector connector, Path own, Map<String, Path> overrides, JsonNode codes) {

  /** Of a connector by itself. */
  static SampleSet of(Connector connector) {
    return new SampleSet(
        connector.name(), connector, connector.folder(), Map.of(), CodeTables.of(connector));
  }

  /**
   * Of a system of a tenant: with its mappings and codes, its own samples beside the connector's,
   * and its own expectations before them.
   *
   * @param folder of tenants, with {@code <tenant>/<system>/samples} and {@code expected}
   */
  static SampleSet of(
      Tenant tenant, String system, Path folder, Map<String, Connector> connectors) {
    Map<String, Path> overrides = new TreeMap<>();
    tenant
        .mappings()
        .forEach(
            (name, file) -> {
              if (name.startsWith(system + '/')) {
                overrides.put(name.substring(system.length() + 1), Path.of(file));
              }
            });
    Connector connector = connectors.get(tenant.system(system).orElseThrow().connector());
    return new SampleSet(
        tenant.id() + '/' + system + " (" + connector.name() + ')',
        connector,
        folder.resolve(tenant.id()).resolve(system),
        overrides,
        new CodeTables(connectors).of(tenant, system));
  }

  /** The connector's, and its own, which take the place of those of the same name. */
  List<Sample> samples() {
    Map<String, Sample> all = new TreeMap<>();
    for (Path folder : List.of(connector.folder(), own)) {
      Sample.in(folder.resolve("samples"))
          .forEach(sample -> all.put(sample.file().getFileName().toString(), sample));
    }
    return new ArrayList<>(all.values());
  }

  Path mapping(String name) {
    return overrides.getOrDefault(
        name, connector.folder().resolve("mappings").resolve(name + ".jslt"));
  }

  /** Where its own expectation is, or would be. */
  Path ownExpected(Sample sample) {
    return own.resolve("expected").resolve(sample.expected());
  }

  Optional<Path> expected(Sample sample) {
    Path usual = connector.folder().resolve("expected").resolve(sample.expected());
    return List.of(ownExpected(sample), usual).stream().filter(Files::exists).findFirst();
  }
}
