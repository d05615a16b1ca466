package dev.cmmshub.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.NullNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which mapping is in use while its files change. */
class MappingCacheTest {
  private static final String NEVER = "never";

  @TempDir private Path folder;
  private final MappingCache cache = new MappingCache(FunctionLibrary.load());
  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = Files.writeString(folder.resolve("m.jslt"), "\"one\"");
  }

  private String result() {
    return cache.get(file).apply(NullNode.getInstance()).asText();
  }

  private boolean becomes(String expected) {
    long begin = System.nanoTime();
    while (!result().equals(expected)) {
      if (System.nanoTime() - begin
          > Duration.ofSeconds(expected.equals(NEVER) ? 1 : 5).toNanos()) {
        return false;
      }
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
    return true;
  }

  private void replace(String text) throws IOException {
    Path next = Files.writeString(folder.resolve("next"), text);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
  }

  @Test
  void isCompiledOnceWhileNothingChanges() {
    Mapping first = cache.get(file);
    long begin = System.nanoTime();
    while (System.nanoTime() - begin < Duration.ofMillis(250).toNanos()) {
      assertThat(cache.get(file)).isSameAs(first);
    }
  }

  @Test
  void isTheChangedOneAfterAMomentAndCompiledOnceMore() throws IOException {
    assertThat(result()).isEqualTo("one");
    replace("\"two\"");
    assertThat(becomes("two")).isTrue();
    assertThat(cache.get(file)).isSameAs(cache.get(file));
  }

  @Test
  void isTheOneFromBeforeAChangeThatDoesNotCompile() throws IOException {
    assertThat(result()).isEqualTo("one");
    replace("{\"a\": ");
    assertThat(becomes(NEVER)).isFalse();
    assertThat(result()).isEqualTo("one");
    assertThatThrownBy(() -> cache.fresh(file)).hasMessageContaining("m.jslt:1");
    replace("\"three\"");
    assertThat(becomes("three")).isTrue();
  }

  @Test
  void isTheOneFromBeforeWhileTheFileIsAway() throws IOException {
    assertThat(result()).isEqualTo("one");
    Files.delete(file);
    assertThat(becomes(NEVER)).isFalse();
    replace("\"back\"");
    assertThat(becomes("back")).isTrue();
  }

  @Test
  void isTheChangedOneWhenAFileItImportsChanges() throws IOException {
    Path imported = Files.writeString(folder.resolve("lib.jslt"), "def name() \"a\"");
    replace("import \"lib.jslt\" as lib lib:name()");
    assertThat(result()).isEqualTo("a");
    Files.writeString(imported, "def name() \"longer\"");
    assertThat(becomes("longer")).isTrue();
  }

  @Test
  void isMendedByAFileThatWasMissing() throws IOException {
    assertThat(result()).isEqualTo("one");
    replace("import \"lib.jslt\" as lib lib:name()");
    assertThat(becomes(NEVER)).isFalse();
    Files.writeString(folder.resolve("lib.jslt"), "def name() \"there\"");
    assertThat(becomes("there")).isTrue();
  }

  @Test
  void isNoneThatNeverCompiled() throws IOException {
    replace("{\"a\": ");
    assertThatThrownBy(this::result).isInstanceOf(TransformException.class);
    replace("\"well\"");
    assertThat(becomes("well")).isTrue();
  }
}
