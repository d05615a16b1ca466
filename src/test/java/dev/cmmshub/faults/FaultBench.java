package dev.cmmshub.faults;

import dev.cmmshub.embedded.EmbeddedAddresses;
import dev.cmmshub.embedded.PostgresAddress;
import dev.cmmshub.tenant.KeyHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A hub with topics and three tenants of its own on servers that outlive it, a webhook a tenant, a
 * client and its ledger.
 */
final class FaultBench implements AutoCloseable {
  private static final SecureRandom RANDOM = new SecureRandom();

  final Map<String, String> keys = new TreeMap<>();
  final EmbeddedAddresses servers;
  final String prefix;
  final HookReceiver hooks = new HookReceiver();
  final HubProcess hub;
  final Ledger ledger;
  final LoadClient client;
  final Oracle oracle;
  private final Map<String, String> environment = new HashMap<>();

  /**
   * @param folder must not exist
   * @param settings more of the hub's environment
   */
  FaultBench(EmbeddedAddresses servers, Path folder, Map<String, String> settings)
      throws IOException {
    this.servers = servers;
    Files.createDirectory(folder);
    prefix = folder.getFileName().toString();
    environment(folder, settings);
    tenants(folder.resolve("tenants.yaml"));
    hub = new HubProcess(folder, environment);
    ledger = new Ledger(folder.resolve("ledger"));
    client = new LoadClient(hub.port(), keys, ledger);
    oracle = new Oracle(servers, keys.keySet(), prefix + ".canonical", ledger, hooks);
  }

  private void environment(Path folder, Map<String, String> settings) {
    environment.put("HUB_KAFKA_BROKERS", servers.kafkaBootstrap());
    environment.put("HUB_TOPIC_PREFIX", prefix);
    environment.put("HUB_TOPIC_PARTITIONS", "4");
    List<String> shards = new ArrayList<>();
    for (PostgresAddress shard : servers.shards()) {
      shards.add(shard.name());
      String name = "HUB_SHARD_" + shard.name().toUpperCase(Locale.ROOT) + '_';
      environment.put(name + "URL", shard.jdbcUrl());
      environment.put(name + "OWNER_USER", shard.adminUser());
      environment.put(name + "OWNER_PASSWORD", shard.adminPassword());
      environment.put(name + "SERVICE_PASSWORD", "service-" + shard.adminPassword());
    }
    environment.put("HUB_SHARDS", String.join(",", shards));
    environment.put("HUB_REDIS_HOST", servers.redisHost());
    environment.put("HUB_REDIS_PORT", Integer.toString(servers.redisPort()));
    environment.put("HUB_REDIS_PASSWORD", servers.redisPassword());
    environment.put("HUB_LOG_FILE", folder.resolve("hub.log").toString());
    environment.put("HOOK_SECRET", "whsec_" + random());
    environment.putAll(settings);
  }

  private static String random() {
    byte[] bytes = new byte[24];
    RANDOM.nextBytes(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }

  private void tenants(Path file) throws IOException {
    StringBuilder yaml =
        new StringBuilder("defaults: {retry: {schedule: [1s, 2s, 5s]}}\ntenants:\n");
    for (String name : List.of("harbor", "north", "river")) {
      String tenant = tenant(name);
      keys.put(tenant, KeyHash.newKey(RANDOM));
      yaml.append(
          """
            %s:
              keys: [{id: k, sha256: "%s"}]
              systems: {sap: {connector: sap-s4hana}}
              subscriptions: [{to: "%s", events: ["*"], secret: "{{env:HOOK_SECRET}}"}]
          """
              .formatted(tenant, KeyHash.of(keys.get(tenant)), hooks.address(tenant)));
    }
    Files.writeString(file, yaml);
  }

  /** The full name of tenant harbor, north or river. */
  String tenant(String name) {
    return prefix + '-' + name;
  }

  /** The settings and keys of this run whose value stands in what the hub wrote. */
  List<String> secretsInLogs() throws IOException {
    Map<String, String> secrets = new TreeMap<>(keys);
    environment.forEach(
        (name, value) -> {
          if (name.endsWith("PASSWORD") || name.endsWith("SECRET")) {
            secrets.put(name, value);
          }
        });
    List<String> found = new ArrayList<>();
    for (Path log : hub.logs()) {
      String text = Files.readString(log);
      secrets.forEach(
          (name, secret) -> {
            if (text.contains(secret)) {
              found.add(name + " in " + log.getFileName());
            }
          });
    }
    return found;
  }

  /** Adds up a metric of the hub over all lines that hold the label. */
  long metric(String name, String label) throws IOException {
    return (long)
        hub.admin("/q/metrics")
            .lines()
            .filter(line -> line.startsWith(name + '{') && line.contains(label))
            .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
            .sum();
  }

  @Override
  public void close() throws IOException {
    hub.close();
    hooks.close();
    ledger.close();
  }
}
