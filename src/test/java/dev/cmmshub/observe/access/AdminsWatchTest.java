package dev.cmmshub.observe.access;

import static dev.cmmshub.TestHub.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who counts when admins.yaml is there, changes, breaks or is missing. */
class AdminsWatchTest {
  private static final String OWN = "00".repeat(32);
  private static final String ANN = "ab".repeat(32);
  private static final String BOB = "cd".repeat(32);

  @TempDir private Path folder;

  private AdminsWatch watch() {
    return new AdminsWatch(
        folder.resolve("admins.yaml"), () -> new Admin("local-admin", OWN, Role.ADMIN));
  }

  private void write(String text) throws IOException {
    Path next = Files.writeString(folder.resolve("next"), text);
    Files.move(next, folder.resolve("admins.yaml"), StandardCopyOption.ATOMIC_MOVE);
  }

  private static String one(String id, String hash, String role) {
    return "admins: [{id: %s, sha256: \"%s\", role: %s}]\n".formatted(id, hash, role);
  }

  private static boolean knows(AdminsWatch watch, String hash) {
    return watch.get().byKeyHash(hash).isPresent();
  }

  @Test
  void withoutTheFileTheHubsOwnKeyCountsUntilThereIsOne() throws IOException {
    try (AdminsWatch watch = watch()) {
      assertThat(watch.get().byKeyHash(OWN)).map(Admin::role).hasValue(Role.ADMIN);
      write(one("ann", ANN, "viewer"));
      assertThat(eventually(() -> knows(watch, ANN))).isTrue();
      assertThat(knows(watch, OWN)).isFalse();
    }
  }

  @Test
  void aFileThatIsBrokenOrGoneLeavesTheLastGoodVersionAndOpensNoOtherWay() throws IOException {
    write(one("ann", ANN, "operator"));
    try (AdminsWatch watch = watch()) {
      write(one("ann", ANN, "king"));
      assertThat(eventually(() -> !watch.isValid())).isTrue();
      assertThat(watch.get().byKeyHash(ANN)).map(Admin::role).hasValue(Role.OPERATOR);
      write(one("bob", BOB, "admin"));
      assertThat(eventually(() -> watch.isValid() && knows(watch, BOB))).isTrue();
      assertThat(knows(watch, ANN)).as("taken away").isFalse();
      Files.delete(folder.resolve("admins.yaml"));
      assertThat(eventually(() -> !watch.isValid())).isTrue();
      assertThat(knows(watch, BOB)).isTrue();
      assertThat(knows(watch, OWN)).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "admins: []|admins.yaml:1:9: admins: expected at least 1 of them",
        "''|: 'admins' is missing: A list of those who may use the administration port",
        "admins: [{id: ann, sha256: abc, role: admin}]|sha256: 'abc': expected: SHA-256 of the key",
        "admins: [{id: ann, role: king}]|role: 'king': expected one of viewer, operator, admin",
        "admins: [{id: ann, rol: admin}]|unknown field 'rol', did you mean role?",
      })
  void whatIsWrongIsToldWithItsPlace(String text, String told) throws IOException {
    Path file = Files.writeString(folder.resolve("admins.yaml"), text.isEmpty() ? "{}" : text);
    assertThatThrownBy(() -> new AdminsFile().read(file)).hasMessageContaining(told);
  }

  @Test
  void nobodyAndNoKeyStandsThereTwice() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("admins.yaml"),
            """
            admins:
              - {id: ann, sha256: "%1$s", role: viewer}
              - {id: ann, sha256: "%1$s", role: admin}
            """
                .formatted(ANN));
    assertThatThrownBy(() -> new AdminsFile().read(file))
        .hasMessageContaining("admins.yaml:3:10: admins[1].id: 'ann' is there already")
        .hasMessageContaining("admins[1].sha256: is the key of another");
  }
}
