package dev.cmmshub.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaTest {
  @TempDir private Path folder;

  @Test
  void aPortTakenMeanwhileFailsTheStartAndNeitherEndsTheProcessNorKeepsItAlive() throws Exception {
    Set<Thread> before = living();
    try (ServerSocket other = new ServerSocket(0, 1, LoopbackPorts.loopback())) {
      assertThatThrownBy(
              () ->
                  EmbeddedKafka.start(
                          folder.resolve("kafka"), other.getLocalPort(), LoopbackPorts.free())
                      .close())
          .rootCause()
          .hasMessageContaining("Address already in use");
    }
    Await.until("no thread of Kafka", Duration.ofSeconds(10), () -> before.containsAll(living()));
    assertThat(living()).isSubsetOf(before);
  }

  private static Set<Thread> living() {
    Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
    threads.removeIf(Thread::isDaemon);
    return threads;
  }
}
