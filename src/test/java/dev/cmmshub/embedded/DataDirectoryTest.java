package dev.cmmshub.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
  @TempDir private Path folder;

  @Test
  void portsAndPasswordsStayTheSame() throws IOException {
    int port;
    String password;
    try (DataDirectory data = DataDirectory.lock(folder)) {
      port = data.port("redis");
      password = data.password("redis");
    }
    try (DataDirectory data = DataDirectory.lock(folder)) {
      assertThat(data.port("redis")).isEqualTo(port);
      assertThat(data.knowsPassword("redis")).isTrue();
      assertThat(data.password("redis")).isEqualTo(password).hasSize(48);
      assertThat(data.password("postgres-a")).isNotEqualTo(password);
    }
  }

  @Test
  void aTakenPortIsReplaced() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, LoopbackPorts.loopback())) {
      Files.writeString(
          folder.resolve("servers.properties"), "redis.port=" + other.getLocalPort() + "\n");
      try (DataDirectory data = DataDirectory.lock(folder)) {
        assertThat(data.port("redis")).isNotEqualTo(other.getLocalPort());
      }
    }
  }

  @Test
  void twoServersNeverGetOnePort() throws IOException {
    int port = LoopbackPorts.free();
    Files.writeString(
        folder.resolve("servers.properties"), "kafka.port=" + port + "\nredis.port=" + port + "\n");
    try (DataDirectory data = DataDirectory.lock(folder)) {
      assertThat(data.port("kafka")).isEqualTo(port);
      assertThat(data.port("redis")).isNotEqualTo(port);
    }
  }

  @Test
  void aPortThatIsNoneIsToldWithFileAndLine() throws IOException {
    Files.writeString(folder.resolve("servers.properties"), "redis.port=six\n");
    try (DataDirectory data = DataDirectory.lock(folder)) {
      assertThatThrownBy(() -> data.port("redis"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("servers.properties: redis.port: expected a port, not six");
    }
  }

  @Test
  void aSecondHubIsKeptOutUntilTheFirstIsDone() throws IOException {
    try (DataDirectory data = DataDirectory.lock(folder)) {
      assertThatThrownBy(() -> DataDirectory.lock(folder).close())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("process " + ProcessHandle.current().pid())
          .hasMessageContaining(data.resolve("").toString());
    }
    DataDirectory.lock(folder).close();
  }

  @Test
  void aWriteThatWasCutOffLeavesTheOldTextAndDoesNotHinderTheNext() throws IOException {
    Path file = folder.resolve("servers.properties");
    PrivateFiles.write(file, "old");
    Files.writeString(folder.resolve("servers.properties.new"), "ne");
    assertThat(file).hasContent("old");
    PrivateFiles.write(file, "new");
    assertThat(file).hasContent("new");
  }
}
