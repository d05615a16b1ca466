package dev.cmmshub.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BinaryCacheTest {
  @TempDir private Path folder;

  @Test
  void halfUnpackedProgramsAreRemovedAndWholeOnesKept() throws IOException {
    Path half = program("PG-1");
    Path whole = program("PG-2");
    Files.createFile(folder.resolve("PG-2/.exists"));
    BinaryCache.dropIncomplete(folder);
    assertThat(half).doesNotExist();
    assertThat(whole).exists();
  }

  @Test
  void whatIsBeingUnpackedStays() throws IOException {
    Path half = program("PG-1");
    try (FileChannel channel =
            FileChannel.open(
                folder.resolve("PG-1/epg-lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      BinaryCache.dropIncomplete(folder);
      assertThat(lock.isValid()).isTrue();
    }
    assertThat(half).exists();
  }

  @Test
  void nobodyElseCanPutAProgramThere() throws IOException {
    Path cache = BinaryCache.folder("postgres").getParent();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(cache)))
        .isEqualTo("rwx------");
  }

  private Path program(String version) throws IOException {
    Path bin = Files.createDirectories(folder.resolve(version).resolve("bin"));
    return Files.writeString(bin.resolve("postgres"), "cut off");
  }
}
