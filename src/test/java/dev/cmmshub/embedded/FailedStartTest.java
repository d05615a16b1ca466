package dev.cmmshub.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailedStartTest {
  @TempDir private Path folder;

  @Test
  void oneThatDoesNotStartStopsTheOthersAndFreesTheFolder() throws Exception {
    Files.createFile(folder.resolve("redis"));
    assertThatThrownBy(() -> start(0).close())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Redis 7.0.15 does not start")
        .hasMessageContaining(folder.toString());
    assertThat(folder.resolve("postgres-a/hub.secured")).exists();
    assertThat(folder.resolve("postgres-a/postmaster.pid")).doesNotExist();
    Properties kept = new Properties();
    try (var file = Files.newInputStream(folder.resolve("servers.properties"))) {
      kept.load(file);
    }
    for (String server : new String[] {"kafka", "kafka-controller", "postgres-a"}) {
      assertThat(LoopbackPorts.isFree(Integer.parseInt(kept.getProperty(server + ".port"))))
          .as(server)
          .isTrue();
    }

    Files.delete(folder.resolve("redis"));
    try (EmbeddedServices services = start(0)) {
      assertThat(services.addresses().kafkaBootstrap())
          .isEqualTo("127.0.0.1:" + kept.getProperty("kafka.port"));
    }
  }

  @Test
  void aTakenPortThatWasAskedForIsNamedAtOnce() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, LoopbackPorts.loopback())) {
      assertThatThrownBy(() -> start(other.getLocalPort()).close())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("port " + other.getLocalPort() + " is taken");
    }
    assertThat(folder.resolve("kafka")).doesNotExist();
    DataDirectory.lock(folder).close();
  }

  private EmbeddedServices start(int kafkaPort) {
    return EmbeddedServices.start(new EmbeddedSettings(folder, 1, kafkaPort, false), line -> {});
  }
}
