package dev.cmmshub.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Confirmed is kept: whatever the servers acknowledged is there after {@code kill -9}. */
class KilledHubTest {
  private static final int ENOUGH = 200;

  @TempDir private Path folder;

  @Test
  @Timeout(value = 120, unit = TimeUnit.SECONDS)
  void whatWasConfirmedIsThereAndNothingOfTheKilledHubRunsOn() throws Exception {
    Path data = folder.resolve("data");
    Path confirmed = folder.resolve("confirmed");
    Process hub = hub(data, confirmed);
    try {
      Await.until(
          "a hub that writes: " + folder.resolve("hub.err"),
          Duration.ofSeconds(60),
          () -> !hub.isAlive() || lines(confirmed) >= ENOUGH);
      assertThat(hub.isAlive()).as(Files.readString(folder.resolve("hub.err"))).isTrue();
      assertThatThrownBy(
              () -> EmbeddedServices.start(EmbeddedSettings.in(data, 1), line -> {}).close())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("process " + hub.pid())
          .hasMessageContaining("--data");
    } finally {
      hub.destroyForcibly().waitFor();
    }
    int last = lines(confirmed) - 1;
    ProcessHandle postgres = process(data.resolve("postgres-a/postmaster.pid"));
    ProcessHandle redis = process(data.resolve("redis/redis.pid"));
    assertThat(postgres.isAlive()).isTrue();
    assertThat(redis.isAlive()).isTrue();
    String known = Files.readString(data.resolve("servers.properties"));

    try (EmbeddedServices again =
        EmbeddedServices.start(EmbeddedSettings.in(data, 1), line -> {})) {
      assertThat(postgres.isAlive()).isFalse();
      assertThat(redis.isAlive()).isFalse();
      assertThat(data.resolve("servers.properties")).hasContent(known);
      Set<Integer> expected = new HashSet<>(IntStream.rangeClosed(0, last).boxed().toList());
      assertThat(rows(again.addresses().shards().get(0))).containsAll(expected);
      assertThat(records(again.addresses().kafkaBootstrap())).containsAll(expected);
    }
  }

  private Process hub(Path data, Path confirmed) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx256m",
            "-Dhub.log.file=" + folder.resolve("hub.log"),
            "-cp",
            System.getProperty("java.class.path"),
            KilledHub.class.getName(),
            data.toString(),
            confirmed.toString())
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(folder.resolve("hub.err").toFile())
        .start();
  }

  /** Complete ones: the last may be cut off by the kill. */
  private static int lines(Path file) {
    try {
      return Files.notExists(file)
          ? 0
          : (int) Files.readString(file).chars().filter(c -> c == '\n').count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ProcessHandle process(Path pidFile) throws IOException {
    return ProcessHandle.of(Long.parseLong(Files.readAllLines(pidFile).get(0).trim()))
        .orElseThrow();
  }

  private static Set<Integer> rows(PostgresAddress shard) throws SQLException {
    Set<Integer> found = new HashSet<>();
    try (Connection connection =
            DriverManager.getConnection(shard.jdbcUrl(), shard.adminUser(), shard.adminPassword());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT number FROM kept")) {
      while (rows.next()) {
        found.add(rows.getInt(1));
      }
    }
    return found;
  }

  private static Set<Integer> records(String bootstrap) {
    Set<Integer> found = new HashSet<>();
    List<TopicPartition> all =
        IntStream.range(0, 4).mapToObj(i -> new TopicPartition(KilledHub.TOPIC, i)).toList();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrap, "enable.auto.commit", false),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.assign(all);
      consumer.seekToBeginning(all);
      Map<TopicPartition, Long> ends = consumer.endOffsets(all);
      Await.until(
          "all records read",
          Duration.ofSeconds(20),
          () -> {
            consumer
                .poll(Duration.ofMillis(100))
                .forEach(record -> found.add(Integer.valueOf(record.value())));
            return all.stream().allMatch(part -> consumer.position(part) >= ends.get(part));
          });
    }
    return found;
  }
}
