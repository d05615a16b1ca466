package dev.cmmshub.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VersionsKeptTest {
  @TempDir private Path folder;

  private static byte[] content(int i) {
    return new byte[] {(byte) i};
  }

  @Test
  void theVersionBeforeIsThereAgainAfterARestart() {
    VersionsKept kept = new VersionsKept(folder.resolve("versions"));
    assertThat(kept.before("a1")).isEmpty();
    kept.keep("a1", content(1));
    assertThat(kept.before("a1")).isEmpty();
    kept.keep("b2", content(2));
    kept.keep("b2", content(2));
    VersionsKept later = new VersionsKept(folder.resolve("versions"));
    assertThat(later.before("b2")).hasValue(content(1));
    later.keep("a1", content(1));
    assertThat(later.before("a1")).as("taken back").hasValue(content(2));
  }

  @Test
  void onlyTheLastTenAreKept() throws Exception {
    VersionsKept kept = new VersionsKept(folder.resolve("versions"));
    for (int i = 1; i <= 25; i++) {
      kept.keep(Integer.toHexString(i), content(i));
    }
    try (Stream<Path> files = Files.list(folder.resolve("versions"))) {
      assertThat(files).hasSize(10);
    }
    assertThat(kept.before("19")).hasValue(content(24));
    assertThat(kept.before("11")).hasValue(content(16));
    assertThat(kept.before("10")).isEmpty();
  }
}
