package dev.cmmshub.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmbeddedServicesTest {
  /** With a blank: every server must be told its folder so that it understands. */
  private static final String FOLDER = "our data";

  private static final ConcurrentLinkedQueue<String> PROGRESS = new ConcurrentLinkedQueue<>();

  @TempDir private static Path folder;
  private static EmbeddedServices services;

  @BeforeAll
  static void start() {
    services =
        EmbeddedServices.start(EmbeddedSettings.in(folder.resolve(FOLDER), 2), PROGRESS::add);
  }

  @AfterAll
  static void stop() {
    services.close();
  }

  @Test
  void everyServerTellsWhereItListens() {
    assertThat(PROGRESS)
        .hasSize(4)
        .allSatisfy(line -> assertThat(line).matches(".* on .*127\\.0\\.0\\.1:[0-9]+.* in .* s"))
        .anySatisfy(line -> assertThat(line).startsWith("Kafka 4.1.1 on 127.0.0.1:"))
        .anySatisfy(line -> assertThat(line).startsWith("Redis 7.0.15 on 127.0.0.1:"))
        .anySatisfy(line -> assertThat(line).startsWith("PostgreSQL b on jdbc:postgresql:"));
  }

  @ParameterizedTest
  @CsvSource({
    "fsync, on",
    "synchronous_commit, on",
    "full_page_writes, on",
    "shared_buffers, 64MB",
    "max_connections, 60",
    "max_wal_size, 512MB",
    "listen_addresses, 127.0.0.1",
    "unix_socket_directories, ''",
  })
  void postgresIsDurableAndModest(String setting, String expected) throws SQLException {
    for (PostgresAddress shard : services.addresses().shards()) {
      assertThat(ask(shard, "SHOW " + setting)).isEqualTo(expected);
    }
  }

  @Test
  void postgresLetsNobodyInWithoutThePassword() throws SQLException {
    PostgresAddress shard = services.addresses().shards().get(0);
    assertThat(ask(shard, "SELECT string_agg(DISTINCT auth_method, ' ') FROM pg_hba_file_rules"))
        .isEqualTo("scram-sha-256");
    assertThatThrownBy(
            () -> DriverManager.getConnection(shard.jdbcUrl(), "postgres", "postgres").close())
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
  }

  @Test
  void redisLetsNobodyInWithoutThePassword() throws IOException {
    assertThat(redis("PING")).containsExactly("-NOAUTH Authentication required.");
    assertThat(redis("AUTH " + services.addresses().redisPassword(), "PING"))
        .containsExactly("+OK", "+PONG");
  }

  @Test
  void kafkaMakesNoTopicUnasked() throws Exception {
    try (Admin admin =
        Admin.create(Map.of("bootstrap.servers", services.addresses().kafkaBootstrap()))) {
      ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, "1");
      var settings = admin.describeConfigs(List.of(broker)).all().get().get(broker);
      assertThat(settings.get("auto.create.topics.enable").value()).isEqualTo("false");
      assertThat(settings.get("message.max.bytes").value()).isEqualTo("12582912");
    } catch (ExecutionException e) {
      throw new AssertionError("the broker does not answer", e);
    }
  }

  /** Whoever listens on all addresses answers on this one, too. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void nothingListensBeyondItsOneAddress() {
    EmbeddedAddresses addresses = services.addresses();
    List<Integer> ports =
        List.of(
            port(addresses.kafkaBootstrap()),
            port(addresses.shards().get(0).jdbcUrl().replaceFirst("/hub$", "")),
            addresses.redisPort());
    for (int port : ports) {
      assertThatThrownBy(
              () -> {
                try (Socket socket = new Socket()) {
                  socket.connect(new InetSocketAddress("127.0.0.2", port), 1000);
                }
              })
          .isInstanceOf(ConnectException.class);
    }
  }

  @Test
  void passwordsDoNotPrintAndOnlyTheOwnerReadsThem() throws IOException {
    EmbeddedAddresses addresses = services.addresses();
    Path data = folder.resolve(FOLDER);
    assertThat(addresses.toString())
        .doesNotContain(addresses.redisPassword())
        .doesNotContain(addresses.shards().get(0).adminPassword());
    assertThat(mode(data.resolve("servers.properties"))).isEqualTo("rw-------");
    assertThat(mode(data.resolve("redis/redis.conf"))).isEqualTo("rw-------");
    assertThat(mode(data.resolve("kafka"))).isEqualTo("rwx------");
    assertThat(mode(data.resolve("postgres-a"))).isEqualTo("rwx------");
    assertThat(data.resolve("postgres-a.password")).doesNotExist();
  }

  private static String ask(PostgresAddress shard, String query) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(shard.jdbcUrl(), shard.adminUser(), shard.adminPassword());
        Statement statement = connection.createStatement();
        ResultSet answer = statement.executeQuery(query)) {
      assertThat(answer.next()).isTrue();
      return answer.getString(1);
    }
  }

  private static List<String> redis(String... commands) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", services.addresses().redisPort());
        BufferedReader answers =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
      socket.setSoTimeout(5000);
      socket
          .getOutputStream()
          .write((String.join("\r\n", commands) + "\r\n").getBytes(StandardCharsets.UTF_8));
      String[] lines = new String[commands.length];
      for (int i = 0; i < lines.length; i++) {
        lines[i] = answers.readLine();
      }
      return List.of(lines);
    }
  }

  private static int port(String address) {
    return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
