package dev.cmmshub.tenant;

import dev.cmmshub.yaml.Field;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Builds the definitions of one tenant: its own, and those its connectors bring. */
public final class BatchBuilder {
  private final Map<String, SystemKind> connectors;

  BatchBuilder(Map<String, SystemKind> connectors) {
    this.connectors = connectors;
  }

  /**
   * Those of a connector's manifest, each for any system.
   *
   * @param resources what can be read of one
   */
  public static List<BatchDefinition> ofConnector(
      Field batch, Set<String> resources, String connector) {
    Map<String, BatchDefinition> built = new TreeMap<>();
    Map<String, Field> places = new HashMap<>();
    for (Field field : batch.items()) {
      field
          .at("id")
          .text()
          .filter(id -> isFirst(id, field, places))
          .flatMap(
              id -> new BatchFields(field, Optional.empty()).read(id, "", resources, connector))
          .ifPresent(one -> built.put(one.id(), one));
    }
    if (batch.isSound()) {
      new BatchOrder(built.values(), places, batch).check();
    }
    return List.copyOf(built.values());
  }

  /**
   * @param systems as they stand in the file, those that are wrong as well
   * @param built those that are right
   */
  List<BatchDefinition> build(Field batch, Field systems, Map<String, TenantSystem> built) {
    Map<String, BatchDefinition> all = brought(systems, built);
    Map<String, Field> places = new HashMap<>();
    for (Field field : batch.items()) {
      Optional<String> id = field.at("id").text().filter(name -> isFirst(name, field, places));
      id.ifPresent(
          name ->
              own(field, name, Optional.ofNullable(all.get(name)), systems, built)
                  .ifPresent(one -> all.put(name, one)));
    }
    if (batch.isSound() && systems.isSound()) {
      new BatchOrder(all.values(), places, batch).check();
    }
    return List.copyOf(all.values());
  }

  private static boolean isFirst(String id, Field field, Map<String, Field> places) {
    boolean first = places.putIfAbsent(id, field) == null;
    if (!first) {
      field.at("id").wrong("there is another one '" + id + "': say it once");
    }
    return first;
  }

  /** Of systems that can be read: one that only pushes is not loaded by anybody's default. */
  private Map<String, BatchDefinition> brought(Field systems, Map<String, TenantSystem> built) {
    Map<String, BatchDefinition> all = new TreeMap<>();
    for (TenantSystem system : built.values()) {
      SystemKind kind = connectors.get(system.connector());
      if (missing(system, kind).isEmpty()) {
        for (BatchDefinition one : kind.batch()) {
          BatchDefinition other = all.put(system.name() + "-" + one.id(), one.of(system.name()));
          if (other != null) {
            systems
                .at(system.name())
                .wrong(
                    "its connector brings a definition '"
                        + system.name()
                        + "-"
                        + one.id()
                        + "', and system '"
                        + other.system()
                        + "' has one of that name: call one of them otherwise");
          }
        }
      }
    }
    return all;
  }

  private Optional<BatchDefinition> own(
      Field field,
      String id,
      Optional<BatchDefinition> base,
      Field systems,
      Map<String, TenantSystem> built) {
    Optional<String> name = field.at("system").text().or(() -> base.map(BatchDefinition::system));
    if (name.isEmpty()) {
      if (field.at("system").isSound()) {
        field.wrong(
            "'system' is missing: which of the tenant's systems is read, or an id of the"
                + " definitions that connectors bring");
      }
      return Optional.empty();
    }
    TenantSystem system = built.get(name.get());
    if (system == null) {
      Set<String> names = systems.fields().keySet();
      if (!names.contains(name.get())) {
        field
            .at("system")
            .wrong(BatchFields.unknown(name.get(), names, "expected one of the tenant's systems"));
      }
      return Optional.empty();
    }
    SystemKind kind = connectors.get(system.connector());
    List<String> missing = missing(system, kind);
    if (!missing.isEmpty() && !kind.resources().isEmpty()) {
      field
          .at("system")
          .wrong(
              "parameters: "
                  + String.join(", ", missing)
                  + " missing of system '"
                  + name.get()
                  + "'; without it connector "
                  + system.connector()
                  + " cannot be read");
    }
    return new BatchFields(field, base).read(id, name.get(), kind.resources(), system.connector());
  }

  private static List<String> missing(TenantSystem system, SystemKind kind) {
    Set<String> missing = new TreeSet<>(kind.toRead());
    missing.removeAll(system.parameters().keySet());
    return new ArrayList<>(missing);
  }
}
