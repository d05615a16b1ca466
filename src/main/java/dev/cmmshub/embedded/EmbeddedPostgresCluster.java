package dev.cmmshub.embedded;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One PostgreSQL cluster of its own, durable, with a password from its first moment on. */
final class EmbeddedPostgresCluster implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgresCluster.class);
  private static final String ADMIN = "postgres";

  /** Long enough to recover from as much log as is kept. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final EmbeddedPostgres server;
  private final Path folder;
  private final PostgresAddress address;

  private EmbeddedPostgresCluster(EmbeddedPostgres server, Path folder, PostgresAddress address) {
    this.server = server;
    this.folder = folder;
    this.address = address;
  }

  static EmbeddedPostgresCluster start(DataDirectory data, String name, boolean durable)
      throws IOException, SQLException {
    String id = "postgres-" + name;
    Path folder = data.resolve(id);
    // Made last of all: a cluster without it was never in use.
    Path ready = folder.resolve("hub.secured");
    end(folder);
    boolean first = Files.notExists(ready);
    if (first) {
      setAside(folder);
    } else if (!data.knowsPassword(id)) {
      throw lost(data.resolve("servers.properties"), id, folder);
    }
    int port = data.port(id);
    String password = data.password(id);
    Path passwordFile = data.resolve(id + ".password");
    PrivateFiles.write(passwordFile, password);
    String url = "jdbc:postgresql://127.0.0.1:" + port + "/";
    try {
      EmbeddedPostgres server =
          server(folder, data.resolve(id + ".log"), port, durable)
              .setConnectConfig("password", password)
              .setLocaleConfig("pwfile", passwordFile.toString())
              .start();
      if (first) {
        createDatabase(url, password);
        Files.createFile(ready);
      }
      return new EmbeddedPostgresCluster(
          server, folder, new PostgresAddress(name, url + "hub", ADMIN, password));
    } catch (IOException | SQLException | RuntimeException | Error e) {
      end(folder);
      throw e;
    } finally {
      Files.deleteIfExists(passwordFile);
    }
  }

  private static IOException lost(Path passwords, String id, Path folder) {
    return new IOException(
        passwords
            + " has no "
            + id
            + ".password: restore the file from a backup, or move "
            + folder
            + " away to begin with an empty one");
  }

  private static EmbeddedPostgres.Builder server(Path folder, Path log, int port, boolean durable)
      throws IOException {
    String sync = durable ? "on" : "off";
    return EmbeddedPostgres.builder()
        .setDataDirectory(folder)
        .setCleanDataDirectory(false)
        .setOverrideWorkingDirectory(BinaryCache.folder("postgres").toFile())
        .setRegisterShutdownHook(false)
        .setPGStartupWait(PATIENCE)
        .setPort(port)
        .setLocaleConfig("locale", "C.UTF-8")
        // These are options of initdb, too: nobody gets in without a password at any time.
        .setLocaleConfig("auth", "scram-sha-256")
        .setServerConfig("listen_addresses", "127.0.0.1")
        .setServerConfig("unix_socket_directories", "''")
        .setServerConfig("fsync", sync)
        .setServerConfig("synchronous_commit", sync)
        .setServerConfig("full_page_writes", sync)
        .setServerConfig("shared_buffers", "64MB")
        .setServerConfig("max_connections", "60")
        .setServerConfig("max_wal_size", "512MB")
        .setErrorRedirector(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .setOutputRedirector(ProcessBuilder.Redirect.appendTo(log.toFile()));
  }

  /** What an interrupted first start left would never become a cluster. */
  private static void setAside(Path folder) throws IOException {
    if (Files.notExists(folder)) {
      return;
    }
    Path aside = folder;
    for (int i = 1; Files.exists(aside); i++) {
      aside = folder.resolveSibling(folder.getFileName() + ".incomplete-" + i);
    }
    Files.move(folder, aside);
    LOG.warn("{} was never completed: it is now {} and can be deleted", folder, aside);
  }

  private static void createDatabase(String url, String password) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url + "postgres", ADMIN, password);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE hub");
    }
  }

  private static void end(Path folder) throws IOException {
    OrphanReaper.reap(folder.resolve("postmaster.pid"), "postgres", folder);
  }

  PostgresAddress address() {
    return address;
  }

  @Override
  public void close() throws IOException {
    server.close();
    // The library only logs when the server did not stop.
    end(folder);
  }
}
