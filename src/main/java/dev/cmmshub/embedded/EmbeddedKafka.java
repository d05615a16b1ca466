package dev.cmmshub.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.AppInfoParser;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A Kafka broker and controller (KRaft) in this process, on loopback. */
final class EmbeddedKafka implements AutoCloseable {
  static final String VERSION = AppInfoParser.getVersion();
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedKafka.class);
  private static final int NODE = 1;

  private final KafkaRaftServer server;
  private final String bootstrap;

  private EmbeddedKafka(KafkaRaftServer server, String bootstrap) {
    this.server = server;
    this.bootstrap = bootstrap;
  }

  /** Returns when the broker serves; when it cannot, no thread of it stays. */
  static EmbeddedKafka start(Path folder, int port, int controllerPort) throws Exception {
    // Kafka would end the process, past every shutdown hook.
    Exit.setHaltProcedure((status, message) -> LOG.error("Kafka wants to halt: {}", message));
    Exit.setExitProcedure((status, message) -> LOG.error("Kafka wants to exit: {}", message));
    // Events lie here, and their files would be readable by all.
    PrivateFiles.folder(folder);
    if (Files.notExists(folder.resolve("meta.properties"))) {
      format(folder);
    }
    KafkaRaftServer server =
        new KafkaRaftServer(
            new KafkaConfig(settings(folder, port, controllerPort), false), Time.SYSTEM);
    try {
      server.startup();
    } catch (Throwable e) { // Scala throws what it likes
      server.shutdown();
      throw e;
    }
    return new EmbeddedKafka(server, "127.0.0.1:" + port);
  }

  private static void format(Path folder) throws Exception {
    new Formatter()
        .setClusterId(Uuid.randomUuid().toString())
        .setNodeId(NODE)
        .addDirectory(folder.toString())
        .setMetadataLogDirectory(folder.toString())
        .setControllerListenerName("CONTROLLER")
        .setReleaseVersion(MetadataVersion.latestProduction())
        .setIgnoreFormatted(true)
        .setUnstableFeatureVersionsEnabled(false)
        .setPrintStream(
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
        .run();
  }

  private static Properties settings(Path folder, int port, int controllerPort) throws IOException {
    Properties settings = new Properties();
    try (InputStream file = EmbeddedKafka.class.getResourceAsStream("/embedded/kafka.properties")) {
      settings.load(file);
    }
    settings.setProperty("node.id", Integer.toString(NODE));
    settings.setProperty(
        "listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
    settings.setProperty("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
    settings.setProperty("controller.quorum.voters", NODE + "@127.0.0.1:" + controllerPort);
    settings.setProperty("log.dirs", folder.toString());
    return settings;
  }

  String bootstrap() {
    return bootstrap;
  }

  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
  }
}
