package dev.cmmshub.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cmmshub.embedded.EmbeddedAddresses;
import dev.cmmshub.embedded.PostgresAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A hub with topics and three tenants of its own on servers that outlive it, a webhook a tenant, a
 * client and its ledger.
 */
final class FaultBench implements AutoCloseable {
  static final int SEED = 20_260_101;
  private static final SecureRandom RANDOM = new SecureRandom();

  final TenantsYaml tenants;
  final Map<String, String> keys;
  final EmbeddedAddresses servers;
  final String prefix;
  final Receipts receipts;
  final HookReceiver hooks;
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
    receipts = Receipts.in(folder.resolve("receipts"));
    hooks = new HookReceiver(receipts);
    tenants = new TenantsYaml(folder.resolve("tenants.yaml"), prefix, hooks);
    keys = tenants.keys();
    hub = new HubProcess(folder, environment);
    ledger = new Ledger(folder.resolve("ledger"));
    client = new LoadClient(hub.port(), keys, ledger);
    OracleSources.of(servers, prefix, List.copyOf(keys.keySet())).write(folder);
    oracle = new Oracle(folder);
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
    environment.put("HUB_EGRESS_ALLOW", "127.0.0.0/8");
    environment.put("HUB_LOG_FILE", folder.resolve("hub.log").toString());
    environment.put("HOOK_SECRET", "whsec_" + random());
    environment.putAll(settings);
  }

  private static String random() {
    byte[] bytes = new byte[24];
    RANDOM.nextBytes(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }

  /** Prints one line, then fails if anything is lost, twice, old, untold or at the wrong place. */
  Findings assertClean(String figures) throws SQLException, IOException {
    Findings findings = oracle.settle(Oracle.QUIET);
    System.out.printf(
        "%s; %s; %,d attempts sent again, %,d events told, %,d of them more than once,"
            + " %,d out of order%n",
        figures,
        findings,
        client.resent(),
        receipts.seen().size(),
        receipts.repeated(),
        receipts.backwards().size());
    assertThat(findings.wrong()).isEmpty();
    assertThat(findings.open()).isEmpty();
    assertThat(hub.logs()).isNotEmpty();
    assertThat(secretsInLogs()).isEmpty();
    assertThat(secretsIn("/q/metrics", hub.admin("/q/metrics"))).isEmpty();
    return findings;
  }

  /** A mixed load of all tenants, about so many events a second until it is closed. */
  Load load(int perSecond) {
    return Load.start(client, keys.keySet(), SEED, perSecond);
  }

  /** The p99 from request to webhook in ms, of these tenants' requests of a time. */
  double p99(long from, long to, String... tenants) {
    return p99(client.attempts(), from, to, tenants);
  }

  /** The same of other requests. */
  double p99(List<LoadClient.Attempt> attempts, long from, long to, String... tenants) {
    List<String> names = Stream.of(tenants).map(this::tenant).toList();
    return Latencies.p99(attempts, hooks.firstAt(), from, to, one -> names.contains(one.tenant()));
  }

  /** Another hub on the same servers, with logs of its own. */
  HubProcess another(String name) throws IOException {
    Path folder = Files.createDirectory(hub.folder().resolve(name));
    Files.copy(hub.folder().resolve("tenants.yaml"), folder.resolve("tenants.yaml"));
    Map<String, String> own = new HashMap<>(environment);
    own.put("HUB_LOG_FILE", folder.resolve("hub.log").toString());
    return new HubProcess(folder, own);
  }

  /** Another value of the hub's environment, from its next start on. */
  void configure(String variable, String value) {
    environment.put(variable, value);
  }

  /** The full name of tenant harbor, north or river. */
  String tenant(String name) {
    return prefix + '-' + name;
  }

  /** The settings and keys of this run whose value stands in what the hub wrote. */
  List<String> secretsInLogs() throws IOException {
    List<String> found = new ArrayList<>();
    for (Path log : hub.logs()) {
      found.addAll(secretsIn(log.getFileName().toString(), Files.readString(log)));
    }
    return found;
  }

  private List<String> secretsIn(String what, String text) {
    Map<String, String> secrets = new TreeMap<>(keys);
    environment.forEach(
        (name, value) -> {
          if (name.endsWith("PASSWORD") || name.endsWith("SECRET")) {
            secrets.put(name, value);
          }
        });
    return secrets.entrySet().stream()
        .filter(secret -> text.contains(secret.getValue()))
        .map(secret -> secret.getKey() + " in " + what)
        .toList();
  }

  /** What the webhooks are signed with. */
  String hookSecret() {
    return environment.get("HOOK_SECRET");
  }

  /** How many threads the hub has. */
  long threads() throws IOException {
    return hub.admin("/q/metrics")
        .lines()
        .filter(line -> line.startsWith("jvm_threads_live_threads "))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  /** The status of a tenant's read. */
  int read(String path) throws IOException {
    return hub.get(path, keys.get(tenant("north")));
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

  /** The value of a metric without labels. */
  double metric(String name) throws IOException {
    return hub.admin("/q/metrics")
        .lines()
        .filter(line -> line.startsWith(name + ' '))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .findFirst()
        .orElse(Double.NaN);
  }

  /** Inbound events whose offset the hub has not committed: what it reads again after a kill. */
  List<String> untransformed(TopicReader topics) {
    return topics.uncommitted(prefix + ".inbound", prefix + "-transform");
  }

  @Override
  public void close() throws IOException {
    hub.close();
    hooks.close();
    receipts.close();
    ledger.close();
  }
}
