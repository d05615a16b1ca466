package dev.cmmshub.embedded;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A process of its own that writes to the servers until it is killed, noting what was confirmed.
 */
final class KilledHub {
  static final String TOPIC = "kept";

  private KilledHub() {}

  /** Arguments: the data directory, and the file that gets a line a confirmed number. */
  public static void main(String[] arguments) throws Exception {
    Path confirmed = Path.of(arguments[1]);
    EmbeddedAddresses servers =
        EmbeddedServices.start(EmbeddedSettings.in(Path.of(arguments[0]), 1), line -> {})
            .addresses();
    PostgresAddress shard = servers.shards().get(0);
    Map<String, Object> kafka =
        Map.of("bootstrap.servers", servers.kafkaBootstrap(), "acks", "all", "linger.ms", 0);
    try (Admin admin = Admin.create(kafka)) {
      admin.createTopics(List.of(new NewTopic(TOPIC, 4, (short) 1))).all().get();
    }
    try (Connection connection =
            DriverManager.getConnection(shard.jdbcUrl(), shard.adminUser(), shard.adminPassword());
        Statement statement = connection.createStatement();
        KafkaProducer<String, String> producer =
            new KafkaProducer<>(kafka, new StringSerializer(), new StringSerializer())) {
      statement.execute("CREATE TABLE kept (number int PRIMARY KEY)");
      try (PreparedStatement insert = connection.prepareStatement("INSERT INTO kept VALUES (?)")) {
        for (int i = 0; ; i++) {
          String number = Integer.toString(i);
          producer.send(new ProducerRecord<>(TOPIC, number, number)).get();
          insert.setInt(1, i);
          insert.executeUpdate();
          Files.writeString(
              confirmed, number + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
      }
    }
  }
}
