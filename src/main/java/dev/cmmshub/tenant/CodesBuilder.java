package dev.cmmshub.tenant;

import dev.cmmshub.message.Nearest;
import dev.cmmshub.yaml.Field;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Builds a tenant's own entries of its systems' code tables. */
record CodesBuilder(Map<String, SystemKind> connectors) {
  Map<String, Map<String, String>> build(Field codes, Field systems) {
    Map<String, Map<String, String>> built = new TreeMap<>();
    codes
        .fields()
        .forEach(
            (name, field) -> {
              if (field.isSound()) {
                requireKnown(name, field, systems);
              }
              Map<String, String> entries = new TreeMap<>();
              field
                  .fields()
                  .forEach((code, value) -> value.text().ifPresent(v -> entries.put(code, v)));
              built.put(name, Map.copyOf(entries));
            });
    return built;
  }

  private void requireKnown(String name, Field field, Field systems) {
    int slash = Math.max(0, name.indexOf('/'));
    String system = name.substring(0, slash);
    Set<String> names = systems.fields().keySet();
    if (!names.contains(system)) {
      field.wrong(expected(system, names, "expected one of the tenant's systems: "));
      return;
    }
    Optional<Set<String>> tables =
        systems
            .at(system)
            .at("connector")
            .text()
            .flatMap(connector -> Optional.ofNullable(connectors.get(connector)))
            .flatMap(SystemKind::codes);
    String table = name.substring(slash + 1);
    if (tables.isPresent() && !tables.get().contains(table)) {
      field.wrong(
          tables.get().isEmpty()
              ? "'" + table + "': the system's connector has no code tables"
              : expected(table, tables.get(), "expected one of the connector's code tables: "));
    }
  }

  private static String expected(String wrong, Set<String> known, String what) {
    return "'"
        + wrong
        + "': "
        + Nearest.didYouMean(wrong, known)
        + what
        + String.join(", ", new TreeSet<>(known));
  }
}
