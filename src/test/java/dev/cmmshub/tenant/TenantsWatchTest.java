package dev.cmmshub.tenant;

import static dev.cmmshub.TestHub.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an admin's edit does while the hub runs. */
class TenantsWatchTest {
  private static final String ONE = "tenants:\n  one: {}\n";
  private static final String TWO = "tenants:\n  one: {}\n  two: {}\n";

  @TempDir private Path folder;
  private Path file;
  private TenantsWatch watch;

  @BeforeEach
  void watch() throws IOException {
    file = Files.writeString(folder.resolve("tenants.yaml"), ONE);
    IssuedKeys keys = new IssuedKeys(folder, new SecureRandom(), (name, key) -> {});
    watch =
        new TenantsWatch(file, new TenantsFile(new TenantsBuilder(Map.of(), keys, Map.of()))::read);
  }

  @AfterEach
  void close() {
    watch.close();
  }

  private Set<String> names() {
    return watch.get().all().stream().map(Tenant::id).collect(Collectors.toSet());
  }

  private void replace(String text) throws IOException {
    Path next = Files.writeString(folder.resolve("next"), text);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
  }

  @Test
  void aFilePutInItsPlaceIsTaken() throws IOException {
    replace(TWO);
    assertThat(eventually(() -> names().equals(Set.of("one", "two")))).isTrue();
  }

  @Test
  void aFileWrittenOverIsTaken() throws IOException {
    Files.writeString(file, TWO);
    assertThat(eventually(() -> names().equals(Set.of("one", "two")))).isTrue();
  }

  @Test
  void aBrokenFileLeavesTheLastGoodVersionUntilItIsMended() throws IOException {
    replace("tenants:\n  one: {unknown: 1}\n");
    assertThat(eventually(() -> !watch.isValid())).isTrue();
    assertThat(names()).containsExactly("one");
    replace(TWO);
    assertThat(eventually(() -> names().equals(Set.of("one", "two")))).isTrue();
    assertThat(watch.isValid()).isTrue();
  }

  @Test
  void aFileThatIsGoneLeavesTheLastGoodVersion() throws IOException {
    Files.delete(file);
    Files.writeString(file, TWO);
    assertThat(eventually(() -> names().equals(Set.of("one", "two")))).isTrue();
  }
}
