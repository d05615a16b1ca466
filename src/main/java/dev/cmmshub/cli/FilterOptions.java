package dev.cmmshub.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** What is meant, as parameters of a request; these are the ones that all lists take. */
abstract class FilterOptions {
  private final Map<String, String> chosen = new LinkedHashMap<>();

  @Option(names = "--tenant", paramLabel = "TENANT", description = "Only this tenant's.")
  final void tenant(String tenant) {
    choose("tenant", tenant);
  }

  @Option(names = "--system", paramLabel = "SYSTEM", description = "Only from this system.")
  final void system(String system) {
    choose("system", system);
  }

  @Option(names = "--entity", paramLabel = "ENTITY", description = "Only of workorder, part, ….")
  final void entity(String entity) {
    choose("entity", entity);
  }

  /** Picocli gives null for what was not said. */
  final void choose(String name, String value) {
    if (value == null) {
      chosen.remove(name);
    } else {
      chosen.put(name, value);
    }
  }

  /** As parameters of a request. */
  final Map<String, String> chosen() {
    return new LinkedHashMap<>(chosen);
  }
}
