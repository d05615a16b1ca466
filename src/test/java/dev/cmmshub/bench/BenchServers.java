package dev.cmmshub.bench;

import dev.cmmshub.Backends;
import dev.cmmshub.cli.EmbeddedBackends;
import dev.cmmshub.embedded.EmbeddedServices;
import dev.cmmshub.embedded.EmbeddedSettings;
import dev.cmmshub.tenant.ApiKey;
import dev.cmmshub.tenant.KeyHash;
import dev.cmmshub.tenant.Limits;
import dev.cmmshub.tenant.RetryPolicy;
import dev.cmmshub.tenant.Subscription;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.TenantSystem;
import dev.cmmshub.tenant.Tenants;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** The servers all variants of a bench share, and three tenants. */
final class BenchServers implements AutoCloseable {
  static final int PARTITIONS = 4;
  static final String KEY = "hub_bench";

  /** More than any load here: what is measured is the hub, not its patience. */
  private static final Limits LIMITS =
      new Limits(
          2 << 20, 1_000_000, 2_000_000, Limits.MOST_BYTES_PER_SECOND, 1_000_000, 100_000_000);

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final EmbeddedServices servers;
  private final Backends backends;
  private final Admin admin;

  BenchServers(Path data, int shards) {
    servers = EmbeddedServices.start(EmbeddedSettings.in(data, shards), line -> {});
    backends = EmbeddedBackends.of(servers.addresses());
    admin = Admin.create(Map.of("bootstrap.servers", backends.kafkaBrokers()));
  }

  Backends backends() {
    return backends;
  }

  String brokers() {
    return backends.kafkaBrokers();
  }

  /** Three tenants with a SAP system each; the first has a key of its own. */
  static Tenants tenants(List<Subscription> subscriptions) {
    return new Tenants(
        IntStream.range(0, 3)
            .mapToObj(
                i ->
                    new Tenant(
                        "bench-" + i,
                        true,
                        List.of(
                            new ApiKey("bench", KeyHash.of(KEY + i), Set.of("publish", "read"))),
                        Map.of("sap", new TenantSystem("sap", "sap-s4hana", true, Map.of())),
                        subscriptions,
                        Map.of(),
                        RetryPolicy.DEFAULT,
                        LIMITS,
                        List.of(),
                        Optional.empty()))
            .toList());
  }

  /** An empty topic, whatever a run before has left under its name. */
  void createTopic(String name) throws InterruptedException, ExecutionException {
    long begin = System.nanoTime();
    while (admin.listTopics().names().get().contains(name)) {
      if (System.nanoTime() - begin > PATIENCE.toNanos()) {
        throw new IllegalStateException(name + " is not deleted within " + PATIENCE);
      }
      try {
        deleteTopic(name);
      } catch (ExecutionException e) {
        // It is being deleted already.
      }
      LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
    }
    admin.createTopics(List.of(new NewTopic(name, PARTITIONS, (short) 1))).all().get();
  }

  void deleteTopic(String name) throws InterruptedException, ExecutionException {
    admin.deleteTopics(List.of(name)).all().get();
  }

  /** Lets the next run of a group read from the beginning. */
  void forgetGroup(String group) throws InterruptedException {
    try {
      admin.deleteConsumerGroups(List.of(group)).all().get();
    } catch (ExecutionException e) {
      // Another variant's run: the group does not exist.
    }
  }

  /** How many records a topic has got so far. */
  long records(String topic) throws InterruptedException, ExecutionException {
    Map<TopicPartition, OffsetSpec> latest = new java.util.HashMap<>();
    for (int i = 0; i < PARTITIONS; i++) {
      latest.put(new TopicPartition(topic, i), OffsetSpec.latest());
    }
    return admin.listOffsets(latest).all().get().values().stream()
        .mapToLong(ListOffsetsResult.ListOffsetsResultInfo::offset)
        .sum();
  }

  @Override
  public void close() {
    admin.close();
    servers.close();
  }
}
