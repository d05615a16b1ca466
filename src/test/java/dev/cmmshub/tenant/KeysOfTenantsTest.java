package dev.cmmshub.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code keys} of a tenant may say. */
class KeysOfTenantsTest {
  private static final String OLD = "ab".repeat(32);
  private static final String NEW = "cd".repeat(32);

  @TempDir private Path folder;

  private List<ApiKey> keys(String lines) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("tenants.yaml"), "tenants:\n  acme:\n    keys:\n" + lines.indent(6));
    return new TenantsFile(TenantsBuilder.dry(Optional.empty(), Map.of()))
        .read(file)
        .byId("acme")
        .orElseThrow()
        .keys();
  }

  @Test
  void severalKeysHoldAtOnceEachUntilItsEnd() throws IOException {
    List<ApiKey> keys =
        keys(
            """
            - {id: old, sha256: "%s", expires: 2027-01-31T01:00:00+01:00}
            - {id: new, sha256: "%s", can: [bulk]}
            """
                .formatted(OLD, NEW));
    Instant end = Instant.parse("2027-01-31T00:00:00Z");
    assertThat(keys)
        .containsExactly(
            new ApiKey("old", OLD, Set.of("publish", "read"), Optional.of(end), Optional.empty()),
            new ApiKey("new", NEW, Set.of("bulk")));
    assertThat(keys.get(0).isExpired(end.minusMillis(1))).isFalse();
    assertThat(keys.get(0).isExpired(end)).isTrue();
    assertThat(keys.get(1).isExpired(Instant.MAX)).isFalse();
  }

  @Test
  void anEndThatIsNoTimeIsToldWithItsPlace() {
    assertThatThrownBy(() -> keys("- {id: old, sha256: \"%s\", expires: \"90d\"}".formatted(OLD)))
        .hasMessageContaining("tenants.yaml:4:")
        .hasMessageContaining("keys[0].expires: '90d': expected a time such as 2026-01-31T00:00");
  }

  @Test
  void twoKeysWithOneIdAreRefused() {
    assertThatThrownBy(
            () ->
                keys(
                    """
                    - {id: erp, sha256: "%s"}
                    - {id: erp, sha256: "%s"}
                    """
                        .formatted(OLD, NEW)))
        .hasMessageContaining("keys[1].id: there is another key 'erp'; give each an id of its own");
  }
}
