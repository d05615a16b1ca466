package dev.cmmshub.tenant;

import dev.cmmshub.message.Nearest;
import dev.cmmshub.yaml.Field;
import java.util.Map;
import java.util.Optional;
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

  /** Builds entries of the code tables of such systems. */
  CodesBuilder codes() {
    return new CodesBuilder(connectors);
  }

  /** Builds loads of such systems. */
  BatchBuilder batch() {
    return new BatchBuilder(connectors);
  }

  /**
   * @param told the names of those that subscriptions tell of events
   * @param taken the tokens of the hooks of the file
   */
  Map<String, TenantSystem> build(
      String tenant, Field systems, Set<String> told, HookTokens taken) {
    Map<String, TenantSystem> built = new TreeMap<>();
    systems
        .fields()
        .forEach(
            (name, field) ->
                field
                    .at("connector")
                    .text()
                    .flatMap(connector -> system(name, connector, field, told.contains(name)))
                    .map(system -> withHook(tenant, system, field.at("hook"), taken))
                    .ifPresent(system -> built.put(name, system)));
    return built;
  }

  private Optional<TenantSystem> system(
      String name, String connector, Field field, boolean isTold) {
    SystemKind kind = connectors.get(connector);
    if (kind == null) {
      field.at("connector").wrong(unknown(connector));
      return Optional.empty();
    }
    if (kind == SystemKind.UNKNOWN) {
      return Optional.empty();
    }
    ParametersBuilder parameters = new ParametersBuilder(connector, kind, secrets);
    Map<String, Secret> own = parameters.build(field.at("parameters"));
    Set<String> given = field.at("parameters").fields().keySet();
    if (isTold) {
      requireAll(field, given, kind.toWrite(), connector + " cannot write");
    }
    for (Field poll : field.at("poll").items()) {
      Set<String> both = new TreeSet<>(given);
      both.addAll(poll.at("parameters").fields().keySet());
      requireAll(field, both, kind.toRead(), connector + " cannot be polled");
    }
    return Optional.of(
        new TenantSystem(
            name,
            connector,
            field.at("enabled").flag(true),
            own,
            new PollsBuilder(connector, kind, parameters).build(field.at("poll")),
            Optional.empty()));
  }

  private TenantSystem withHook(String tenant, TenantSystem system, Field hook, HookTokens taken) {
    return new TenantSystem(
        system.name(),
        system.connector(),
        system.enabled(),
        system.parameters(),
        system.polls(),
        new HookBuilder(system.connector(), connectors.get(system.connector()).hook(), secrets)
            .build("tenant '" + tenant + "', system '" + system.name() + "'", hook, taken));
  }

  private String unknown(String connector) {
    return "'"
        + connector
        + "': "
        + Nearest.didYouMean(connector, connectors.keySet())
        + "expected one of the folders in connectors/: "
        + String.join(", ", new TreeSet<>(connectors.keySet()));
  }

  /** What is missing is told where it should stand. */
  private static void requireAll(
      Field system, Set<String> given, Set<String> wanted, String otherwise) {
    Set<String> missing = new TreeSet<>(wanted);
    missing.removeAll(given);
    if (!missing.isEmpty()) {
      Field parameters = system.at("parameters");
      (parameters.isGiven() ? parameters : system)
          .wrong(
              "parameters: "
                  + String.join(", ", missing)
                  + " missing; without it connector "
                  + otherwise);
    }
  }
}
