package dev.cmmshub.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * One of several Kafka nodes that are broker and controller at once, as small as the embedded one;
 * what is written is on all of them, and safe once it is on two.
 */
public final class ClusterBroker {
  private static final String SETTINGS = "server.properties";
  private static final String CLUSTER = "cluster.id";

  private ClusterBroker() {}

  /**
   * Makes the folders {@code broker-1}, … with their settings; nothing is started.
   *
   * @return their names
   */
  public static List<String> lay(Path folder, int nodes) throws IOException {
    List<Integer> ports = ports(nodes);
    List<Integer> controllers = ports(nodes);
    String voters =
        IntStream.range(0, nodes)
            .mapToObj(i -> (i + 1) + "@127.0.0.1:" + controllers.get(i))
            .collect(Collectors.joining(","));
    List<String> names = new ArrayList<>();
    for (int i = 0; i < nodes; i++) {
      String name = "broker-" + (i + 1);
      Path own = Files.createDirectories(folder.resolve(name));
      Properties settings = shared();
      settings.setProperty("node.id", Integer.toString(i + 1));
      settings.setProperty(
          "listeners",
          "PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d"
              .formatted(ports.get(i), controllers.get(i)));
      settings.setProperty("advertised.listeners", "PLAINTEXT://127.0.0.1:" + ports.get(i));
      settings.setProperty("controller.quorum.voters", voters);
      settings.setProperty("log.dirs", own.resolve("kafka").toString());
      try (var file = Files.newBufferedWriter(own.resolve(SETTINGS))) {
        settings.store(file, null);
      }
      names.add(name);
    }
    String cluster = Uuid.randomUuid().toString();
    for (String name : names) {
      Files.writeString(folder.resolve(name).resolve(CLUSTER), cluster);
    }
    return names;
  }

  private static List<Integer> ports(int many) {
    return IntStream.range(0, many).mapToObj(i -> LoopbackPorts.free()).toList();
  }

  private static Properties shared() throws IOException {
    Properties settings = new Properties();
    try (InputStream file = ClusterBroker.class.getResourceAsStream("/embedded/kafka.properties")) {
      settings.load(file);
    }
    settings.setProperty("default.replication.factor", "3");
    settings.setProperty("min.insync.replicas", "2");
    settings.setProperty("offsets.topic.replication.factor", "3");
    settings.setProperty("transaction.state.log.replication.factor", "3");
    settings.setProperty("transaction.state.log.min.isr", "2");
    settings.setProperty("share.coordinator.state.topic.replication.factor", "3");
    settings.setProperty("share.coordinator.state.topic.min.isr", "2");
    settings.setProperty("unclean.leader.election.enable", "false");
    // Until a dead broker is counted out, nothing that it had a copy of can be acknowledged: less
    // than the 5 s that the gateway waits, and enough for a machine that is busy.
    settings.setProperty("broker.session.timeout.ms", "3000");
    settings.setProperty("broker.heartbeat.interval.ms", "500");
    return settings;
  }

  /** Starts the node of a folder in this process; returns its address once it serves. */
  static String start(Path folder) throws Exception {
    Properties settings = new Properties();
    try (Reader file = Files.newBufferedReader(folder.resolve(SETTINGS))) {
      settings.load(file);
    }
    Path log = PrivateFiles.folder(folder.resolve("kafka"));
    if (Files.notExists(log.resolve("meta.properties"))) {
      new Formatter()
          .setClusterId(Files.readString(folder.resolve(CLUSTER)))
          .setNodeId(Integer.parseInt(settings.getProperty("node.id")))
          .addDirectory(log.toString())
          .setMetadataLogDirectory(log.toString())
          .setControllerListenerName("CONTROLLER")
          .setReleaseVersion(MetadataVersion.latestProduction())
          .setIgnoreFormatted(true)
          .setUnstableFeatureVersionsEnabled(false)
          .setPrintStream(
              new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
          .run();
    }
    new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM).startup();
    return settings.getProperty("advertised.listeners").replace("PLAINTEXT://", "");
  }
}
