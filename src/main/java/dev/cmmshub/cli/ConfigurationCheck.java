package dev.cmmshub.cli;

import dev.cmmshub.RouteCheck;
import dev.cmmshub.connector.ConnectorFolders;
import dev.cmmshub.observe.access.AdminsFile;
import dev.cmmshub.tenant.SystemKind;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.TenantsBuilder;
import dev.cmmshub.tenant.TenantsFile;
import dev.cmmshub.transform.FunctionLibrary;
import dev.cmmshub.transform.MappingCheck;
import dev.cmmshub.yaml.Mistake;
import dev.cmmshub.yaml.MistakesException;
import dev.cmmshub.yaml.YamlFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Looks at everything that people write for a hub, and starts nothing. */
final class ConfigurationCheck {
  private final List<Mistake> mistakes = new ArrayList<>();
  private final Map<String, Integer> looked = new LinkedHashMap<>();
  private final MappingCheck mappings = new MappingCheck(FunctionLibrary.load());

  /**
   * @param environment where references to secrets are looked up; empty when they are not
   */
  void tenants(
      Path file, Map<String, SystemKind> connectors, Optional<Map<String, String>> environment) {
    try {
      Collection<Tenant> tenants =
          new TenantsFile(TenantsBuilder.dry(environment, connectors)).read(file).all();
      looked.put("tenants", tenants.size());
      tenants.forEach(tenant -> tenant.mappings().values().forEach(own -> mapping(Path.of(own))));
    } catch (MistakesException e) {
      mistakes.addAll(e.mistakes());
    }
  }

  /**
   * @param file need not be there
   */
  void admins(Path file) {
    if (Files.notExists(file)) {
      return;
    }
    try {
      looked.put("admins", new AdminsFile().read(file).size());
    } catch (MistakesException e) {
      mistakes.addAll(e.mistakes());
    }
  }

  /** Returns what the connectors want to know of their systems. */
  Map<String, SystemKind> connectors(Path folder) {
    Map<String, SystemKind> kinds = new TreeMap<>();
    files(folder, "/connector.yaml")
        .forEach(file -> kinds.put(file.getParent().getFileName().toString(), SystemKind.UNKNOWN));
    try {
      kinds.putAll(ConnectorFolders.kinds(new ConnectorFolders().read(folder, mistakes)));
    } catch (MistakesException e) {
      mistakes.addAll(e.mistakes());
    }
    looked.put("connectors", kinds.size());
    files(folder, ".jslt").forEach(this::mapping);
    return kinds;
  }

  private void mapping(Path file) {
    looked.merge("mappings", 1, Integer::sum);
    mappings.mistake(file).ifPresent(mistakes::add);
  }

  void routes(Path folder, String ending) {
    try (RouteCheck check = new RouteCheck()) {
      for (Path file : files(folder, ending)) {
        looked.merge("routes", 1, Integer::sum);
        route(file, check);
      }
    }
  }

  /** What is no YAML is told better by a reader of YAML than by Camel's. */
  private void route(Path file, RouteCheck check) {
    try {
      YamlFile.read(file, "check its permissions");
      check.mistake(file).ifPresent(mistakes::add);
    } catch (MistakesException e) {
      mistakes.addAll(e.mistakes());
    }
  }

  private static List<Path> files(Path folder, String ending) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(folder + " cannot be read", e);
    }
  }

  List<Mistake> mistakes() {
    return mistakes;
  }

  /** How many of each kind were looked at. */
  Map<String, Integer> looked() {
    return looked;
  }
}
