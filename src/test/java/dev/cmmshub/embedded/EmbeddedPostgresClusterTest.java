package dev.cmmshub.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresClusterTest {
  @TempDir private Path folder;

  @Test
  void whatAnInterruptedFirstStartLeftIsSetAsideNotDeleted() throws Exception {
    Path half = Files.createDirectories(folder.resolve("postgres-a"));
    Files.writeString(half.resolve("postgresql.conf"), "# cut off");
    try (DataDirectory data = DataDirectory.lock(folder);
        EmbeddedPostgresCluster cluster = EmbeddedPostgresCluster.start(data, "a", false);
        Connection connection =
            DriverManager.getConnection(
                cluster.address().jdbcUrl(),
                cluster.address().adminUser(),
                cluster.address().adminPassword())) {
      assertThat(connection.isValid(5)).isTrue();
    }
    assertThat(folder.resolve("postgres-a.incomplete-1/postgresql.conf")).hasContent("# cut off");
    assertThat(folder.resolve("postgres-a/postmaster.pid")).doesNotExist();
  }

  @Test
  void aLostPasswordIsToldAtOnce() throws Exception {
    Files.createFile(Files.createDirectories(folder.resolve("postgres-a")).resolve("hub.secured"));
    try (DataDirectory data = DataDirectory.lock(folder)) {
      assertThatThrownBy(() -> EmbeddedPostgresCluster.start(data, "a", false).close())
          .isInstanceOf(IOException.class)
          .hasMessageContaining("servers.properties has no postgres-a.password")
          .hasMessageContaining("restore");
    }
  }
}
