package dev.cmmshub.embedded;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** One PostgreSQL cluster of its own, durable, with a password from its first minute on. */
final class EmbeddedPostgresCluster implements AutoCloseable {
  private static final String ADMIN = "postgres";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String PASSWORDS_ONLY =
      """
      local all all scram-sha-256
      host all all 127.0.0.1/32 scram-sha-256
      host all all ::1/128 scram-sha-256
      """;

  private final EmbeddedPostgres server;
  private final PostgresAddress address;

  private EmbeddedPostgresCluster(EmbeddedPostgres server, PostgresAddress address) {
    this.server = server;
    this.address = address;
  }

  static EmbeddedPostgresCluster start(DataDirectory data, String name)
      throws IOException, SQLException {
    Path folder = data.resolve("postgres-" + name);
    Path log = data.resolve("postgres-" + name + ".log");
    Path secured = folder.resolve("hub.secured");
    OrphanReaper.reap(folder.resolve("postmaster.pid"), folder.toString());
    int port = data.port("postgres-" + name);
    String password = data.password("postgres-" + name);
    boolean first = Files.notExists(secured);
    EmbeddedPostgres server =
        server(folder, log, port).setConnectConfig("password", password).start();
    String url = "jdbc:postgresql://127.0.0.1:" + port + "/";
    if (first) {
      secure(url, password, folder);
      Files.createFile(secured);
    }
    return new EmbeddedPostgresCluster(
        server, new PostgresAddress(name, url + "hub", ADMIN, password));
  }

  private static EmbeddedPostgres.Builder server(Path folder, Path log, int port)
      throws IOException {
    return EmbeddedPostgres.builder()
        .setDataDirectory(folder)
        .setCleanDataDirectory(false)
        .setOverrideWorkingDirectory(BinaryCache.folder("postgres").toFile())
        .setRegisterShutdownHook(false)
        .setPGStartupWait(PATIENCE)
        .setPort(port)
        .setLocaleConfig("locale", "C.UTF-8")
        .setServerConfig("listen_addresses", "127.0.0.1")
        .setServerConfig("unix_socket_directories", "''")
        .setServerConfig("fsync", "on")
        .setServerConfig("synchronous_commit", "on")
        .setServerConfig("full_page_writes", "on")
        .setServerConfig("shared_buffers", "64MB")
        .setServerConfig("max_connections", "60")
        .setServerConfig("max_wal_size", "512MB")
        .setErrorRedirector(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .setOutputRedirector(ProcessBuilder.Redirect.appendTo(log.toFile()));
  }

  /** initdb lets every local user in; from here on only passwords do. */
  private static void secure(String url, String password, Path folder)
      throws IOException, SQLException {
    try (Connection connection = DriverManager.getConnection(url + "postgres", ADMIN, password);
        Statement statement = connection.createStatement()) {
      try (ResultSet found =
          statement.executeQuery("SELECT 1 FROM pg_database WHERE datname = 'hub'")) {
        if (!found.next()) {
          statement.execute("CREATE DATABASE hub");
        }
      }
      statement.execute("ALTER ROLE " + ADMIN + " PASSWORD " + statement.enquoteLiteral(password));
      Files.writeString(folder.resolve("pg_hba.conf"), PASSWORDS_ONLY);
      statement.execute("SELECT pg_reload_conf()");
    }
  }

  PostgresAddress address() {
    return address;
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
