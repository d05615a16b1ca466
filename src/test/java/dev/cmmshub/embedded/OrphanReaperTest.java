package dev.cmmshub.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The processes follow a file with tail: they run until they are ended. */
class OrphanReaperTest {
  @TempDir private Path folder;
  private Process process;

  @AfterEach
  void end() {
    if (process != null) {
      process.destroyForcibly();
    }
  }

  @Test
  void ourProgramWithOurPathIsEnded() throws Exception {
    follow("redis.conf");
    OrphanReaper.reap(pidFile(), program(), folder.resolve("redis.conf"));
    assertThat(process.waitFor(1, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void anotherProgramOnOurPathIsSpared() throws IOException {
    follow("redis.conf");
    OrphanReaper.reap(pidFile(), "redis-server", folder.resolve("redis.conf"));
    assertThat(process.isAlive()).isTrue();
  }

  @Test
  void ourProgramOnAPathThatOnlyBeginsLikeOursIsSpared() throws IOException {
    follow("redis.conf.of.another.hub");
    OrphanReaper.reap(pidFile(), program(), folder.resolve("redis.conf"));
    assertThat(process.isAlive()).isTrue();
  }

  @Test
  void aPidFileThatIsMissingOrCutOffEndsNothing() throws IOException {
    follow("redis.conf");
    OrphanReaper.reap(folder.resolve("none"), program(), folder.resolve("redis.conf"));
    Files.writeString(folder.resolve("redis.pid"), "");
    OrphanReaper.reap(folder.resolve("redis.pid"), program(), folder.resolve("redis.conf"));
    assertThat(process.isAlive()).isTrue();
  }

  private void follow(String file) throws IOException {
    Path followed = Files.createFile(folder.resolve(file));
    process =
        new ProcessBuilder("tail", "-f", followed.toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
  }

  /** Where one binary is many programs, tail runs under another name. */
  private String program() {
    return Path.of(process.info().command().orElseThrow()).getFileName().toString();
  }

  /** As PostgreSQL writes it: more lines follow. */
  private Path pidFile() throws IOException {
    return Files.writeString(
        folder.resolve("postmaster.pid"), process.pid() + "\n" + folder + "\n");
  }
}
