package dev.cmmshub.tenant;

import dev.cmmshub.message.Names;
import dev.cmmshub.tenant.TenantsDocument.PollNode;
import dev.cmmshub.tenant.TenantsDocument.SystemNode;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Builds the systems of one tenant. */
final class SystemsBuilder {
  private final Map<String, SystemKind> connectors;
  private final SecretResolver secrets;

  SystemsBuilder(Map<String, SystemKind> connectors, SecretResolver secrets) {
    this.connectors = Map.copyOf(connectors);
    this.secrets = secrets;
  }

  /**
   * @param told the names of those that subscriptions tell of events
   */
  Map<String, TenantSystem> build(Map<String, SystemNode> nodes, Set<String> told) {
    Map<String, TenantSystem> systems = new TreeMap<>();
    nodes.forEach(
        (name, node) -> {
          Names.require("system", name);
          TenantsBuilder.requirePresent("systems." + name, node);
          systems.put(name, system(name, node, told.contains(name)));
        });
    return systems;
  }

  private TenantSystem system(String name, SystemNode node, boolean isTold) {
    String field = "systems." + name;
    if (node.connector() == null || !connectors.containsKey(node.connector())) {
      throw new IllegalArgumentException(
          field
              + ".connector: '"
              + node.connector()
              + "': expected one of the folders in connectors/: "
              + new TreeSet<>(connectors.keySet()));
    }
    SystemKind kind = connectors.get(node.connector());
    return new TenantSystem(
        name,
        node.connector(),
        node.enabled() == null || node.enabled(),
        parameters(field + ".parameters", node, kind, isTold),
        new PollsBuilder(node.connector(), kind)
            .build(field + ".poll", TenantsBuilder.orEmpty(node.poll()), secrets));
  }

  private Map<String, Secret> parameters(
      String field, SystemNode node, SystemKind kind, boolean isTold) {
    Map<String, String> given = TenantsBuilder.orEmpty(node.parameters());
    requireKnown(field, node.connector(), given.keySet(), kind);
    if (isTold) {
      requireAll(field, node.connector() + " cannot write", given.keySet(), kind.toWrite());
    }
    for (PollNode poll : TenantsBuilder.orEmpty(node.poll())) {
      Set<String> both = new TreeSet<>(given.keySet());
      both.addAll(TenantsBuilder.orEmpty(poll.parameters()).keySet());
      requireAll(field, node.connector() + " cannot be polled", both, kind.toRead());
    }
    Map<String, Secret> parameters = new TreeMap<>();
    given.forEach((key, value) -> parameters.put(key, secrets.resolve(field + "." + key, value)));
    return parameters;
  }

  /** A name that is written wrongly would only be missed at the first event. */
  static void requireKnown(String field, String connector, Set<String> given, SystemKind kind) {
    kind.parameters()
        .ifPresent(
            known -> {
              Set<String> unknown = new TreeSet<>(given);
              unknown.removeAll(known);
              if (!unknown.isEmpty()) {
                throw new IllegalArgumentException(
                    field
                        + ": connector "
                        + connector
                        + " takes no "
                        + unknown
                        + "; expected some of "
                        + new TreeSet<>(known));
              }
            });
  }

  private static void requireAll(
      String field, String otherwise, Set<String> given, Set<String> wanted) {
    Set<String> missing = new TreeSet<>(wanted);
    missing.removeAll(given);
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException(
          field + ": " + missing + " is missing; without it connector " + otherwise);
    }
  }
}
