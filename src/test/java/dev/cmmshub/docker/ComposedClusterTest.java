package dev.cmmshub.docker;

import static dev.cmmshub.docker.Compose.DOCKER;
import static dev.cmmshub.docker.Compose.names;
import static dev.cmmshub.docker.Compose.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.Backends;
import dev.cmmshub.HubSettings;
import dev.cmmshub.store.ShardSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes, three brokers and two shards of compose.yaml, as hub and broker understand them. */
class ComposedClusterTest {
  private static final List<String> NODES = List.of("hub-1", "hub-2");
  private static final List<String> BROKERS = List.of("kafka-1", "kafka-2", "kafka-3");
  private static final Path DEFAULTS = Path.of("src/main/resources/application.properties");

  private final JsonNode services = new Compose().services;
  @TempDir private Path secrets;

  ComposedClusterTest() throws IOException {}

  private HubSettings settingsOf(String node) throws IOException {
    JsonNode given = services.at("/" + node + "/environment");
    Map<String, String> environment = new TreeMap<>();
    for (String name : names(given)) {
      environment.put(name, given.get(name).asText().replace("/run/secrets/", secrets + "/"));
    }
    for (String secret : texts(services.at("/" + node + "/secrets"))) {
      Files.writeString(secrets.resolve(secret), "of " + secret + "\n");
    }
    return HubSettings.load(Path.of("none"), environment, Map.of());
  }

  @Test
  void eachNodeUnderstandsItsEnvironment() throws IOException {
    String known =
        Files.readString(DEFAULTS).replaceAll("[.-]", "_") + "hub_profile=hub_log=hub_log_file=";
    for (String node : NODES) {
      for (String name : names(services.at("/" + node + "/environment"))) {
        assertThat(known).containsIgnoringCase(name.replace("_SHARD_B_", "_SHARD_A_") + "=");
      }
      HubSettings settings = settingsOf(node);
      assertThat(settings.text("hub.node")).isEqualTo(node);
      assertThat(settings.number("hub.nodes")).isEqualTo(NODES.size());
      Backends backends = settings.external();
      assertThat(backends.redisPassword().value()).isEqualTo("of redis");
      assertThat(backends.shards()).hasSize(2);
      for (ShardSettings shard : backends.shards()) {
        String server = "postgres-" + shard.name();
        assertThat(names(services)).contains(server);
        assertThat(shard.jdbcUrl()).isEqualTo("jdbc:postgresql://" + server + ":5432/hub");
        assertThat(shard.ownerPassword().value()).isEqualTo("of shard-" + shard.name() + "-owner");
        assertThat(shard.servicePassword().value())
            .isEqualTo("of shard-" + shard.name() + "-service");
      }
      assertThat(texts(services.at("/" + node + "/volumes")))
          .contains(
              "../tenants.yaml:" + settings.text("hub.tenants.file") + ":ro",
              node + "-data:" + settings.text("hub.data.directory"),
              "hub-keys:" + settings.text("hub.data.directory") + "/keys");
    }
  }

  /** What two nodes would spoil for each other is each one's own. */
  @Test
  void nodesDifferInTheirNameLogDataAndAdministrationPortAlone() {
    Map<String, String> first = new TreeMap<>();
    Map<String, String> second = new TreeMap<>();
    names(services.at("/hub-1/environment"))
        .forEach(name -> first.put(name, services.at("/hub-1/environment/" + name).asText()));
    names(services.at("/hub-2/environment"))
        .forEach(name -> second.put(name, services.at("/hub-2/environment/" + name).asText()));
    Set<String> differ = new HashSet<>(first.keySet());
    differ.removeIf(name -> first.get(name).equals(second.get(name)));
    assertThat(second.keySet()).isEqualTo(first.keySet());
    assertThat(differ).containsExactlyInAnyOrder("HUB_NODE", "HUB_LOG_FILE");
    assertThat(Stream.of(first, second).map(one -> one.get("HUB_LOG_FILE")))
        .doesNotHaveDuplicates()
        .allMatch(file -> file.matches("/var/log/cmms-hub/hub-[12][.]log"));
    assertThat(services.at("/hub-1/ports")).isNotEqualTo(services.at("/hub-2/ports"));
  }

  /** Kafka's own reader of settings, which refuses what does not fit together. */
  @Test
  void brokersAreOneClusterThatLosesNothingWithOneAway() throws IOException {
    Set<Integer> ids = new HashSet<>();
    Set<String> clusters = new HashSet<>();
    for (String broker : BROKERS) {
      Map<String, String> settings = new HashMap<>();
      JsonNode given = services.at("/" + broker + "/environment");
      for (String name : names(given)) {
        if (name.startsWith("KAFKA_") && !name.equals("KAFKA_HEAP_OPTS")) {
          settings.put(
              name.substring("KAFKA_".length())
                  .toLowerCase(java.util.Locale.ROOT)
                  .replace('_', '.'),
              given.get(name).asText());
        }
      }
      KafkaConfig config = new KafkaConfig(settings, false);
      ids.add(config.nodeId());
      clusters.add(given.get("CLUSTER_ID").asText());
      assertThat(config.effectiveAdvertisedBrokerListeners().mkString())
          .contains(broker)
          .contains("9092");
      assertThat(config.minInSyncReplicas()).isEqualTo(2);
      assertThat(config.messageMaxBytes())
          .isGreaterThanOrEqualTo(settingsOf("hub-1").number("hub.kafka.largestMessage"));
      assertThat(settings.get("controller.quorum.voters"))
          .isEqualTo("1@kafka-1:9093,2@kafka-2:9093,3@kafka-3:9093");
    }
    assertThat(ids).containsExactlyInAnyOrder(1, 2, 3);
    assertThat(clusters).hasSize(1);
    HubSettings hub = settingsOf("hub-1");
    assertThat(hub.number("hub.topic.replication")).isEqualTo(BROKERS.size());
    assertThat(hub.external().kafkaBrokers()).isEqualTo("kafka-1:9092,kafka-2:9092,kafka-3:9092");
  }

  /** The log of each node is in the place where Filebeat looks. */
  @Test
  void filebeatReadsWhatEachNodeWrites() throws IOException {
    assertThat(Files.readString(DOCKER.resolve("elk/filebeat/filebeat.yml")))
        .contains("/var/log/cmms-hub/*.log*");
    assertThat(texts(services.at("/filebeat/volumes"))).contains("hub-logs:/var/log/cmms-hub:ro");
    NODES.forEach(
        node ->
            assertThat(texts(services.at("/" + node + "/volumes")))
                .contains("hub-logs:/var/log/cmms-hub"));
  }
}
