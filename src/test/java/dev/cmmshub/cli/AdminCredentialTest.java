package dev.cmmshub.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cmmshub.observe.access.Admin;
import dev.cmmshub.observe.access.Role;
import dev.cmmshub.tenant.KeyHash;
import dev.cmmshub.tenant.Secret;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which key a command shows the administration port. */
class AdminCredentialTest {
  private static final URI HERE = URI.create("http://127.0.0.1:8081");

  @TempDir private Path data;
  private AdminKeyFile kept;
  private Map<String, String> environment;

  @BeforeEach
  void folder() {
    kept = new AdminKeyFile(data.resolve("new"));
    environment = Map.of("HUB_DATA_DIRECTORY", data.resolve("new").toString());
  }

  @Test
  void theHubsOwnKeyIsMadeOnceAndOnlyItsOwnerReadsIt() throws IOException {
    List<Path> announced = new ArrayList<>();
    Admin first = kept.admin(new SecureRandom(), announced::add);
    assertThat(kept.admin(new SecureRandom(), announced::add)).isEqualTo(first);
    assertThat(announced).containsExactly(kept.path());
    assertThat(first.role()).isEqualTo(Role.ADMIN);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept.path())))
        .isEqualTo("rw-------");
    assertThat(kept.read().map(Secret::value).map(KeyHash::of)).hasValue(first.sha256());
  }

  @Test
  void aFileThatIsNamedGoesBeforeTheEnvironmentAndThatBeforeTheKeptOne() throws IOException {
    kept.admin(new SecureRandom(), file -> {});
    assertThat(AdminCredential.find(HERE, null, environment).key()).isEqualTo(kept.read());
    Map<String, String> given =
        Map.of("HUB_ADMIN_KEY", "from the environment", "HUB_DATA_DIRECTORY", data.toString());
    assertThat(AdminCredential.find(HERE, null, given).key())
        .hasValue(new Secret("from the environment"));
    Path file = Files.writeString(data.resolve("mine"), "mine\n");
    assertThat(AdminCredential.find(HERE, file, given).key()).hasValue(new Secret("mine"));
    assertThatThrownBy(() -> AdminCredential.find(HERE, data.resolve("none"), given))
        .hasMessageContaining("none cannot be read");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://hub.example:8081",
        "http://10.0.0.7:8081",
        "http://127.0.0.1.evil.example"
      })
  void theKeptKeyIsShownToNoOtherMachine(String address) {
    kept.admin(new SecureRandom(), file -> {});
    assertThat(AdminCredential.find(URI.create(address), null, environment).key()).isEmpty();
  }

  @Test
  void whereNoneIsKeptItSaysWhere() {
    AdminCredential none = AdminCredential.find(HERE, null, environment);
    assertThat(none.key()).isEmpty();
    assertThat(none.from()).contains("admin.key is not there");
  }
}
