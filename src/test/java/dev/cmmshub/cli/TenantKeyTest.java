package dev.cmmshub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.tenant.ApiKey;
import dev.cmmshub.tenant.KeyHash;
import dev.cmmshub.tenant.TenantsBuilder;
import dev.cmmshub.tenant.TenantsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code ./hub tenant key new} makes. */
class TenantKeyTest {
  @TempDir private Path folder;

  private static Mill.Said make(String... words) {
    return Mill.runAnywhere(
        Stream.concat(Stream.of("tenant", "key", "new"), Stream.of(words)).toArray(String[]::new));
  }

  private ApiKey pasted(String line) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("tenants.yaml"), "tenants:\n  acme:\n    keys:\n" + line + "\n");
    List<ApiKey> keys =
        new TenantsFile(TenantsBuilder.dry(Optional.empty(), Map.of()))
            .read(file)
            .byId("acme")
            .orElseThrow()
            .keys();
    assertThat(keys).hasSize(1);
    return keys.get(0);
  }

  @Test
  void theLineCanBePastedAndIsOfTheKey() throws IOException {
    Mill.Said said =
        make("acme", "--id", "erp", "--can", "publish", "--expires", "2099-01-31T00:00:00Z");
    assertThat(said.status()).as(said.err()).isZero();
    List<String> lines = said.out().lines().toList();
    String key = lines.get(1).strip();
    assertThat(key).matches("hub_[A-Za-z0-9_-]{43}");
    ApiKey pasted = pasted(lines.get(3));
    assertThat(pasted)
        .isEqualTo(
            new ApiKey(
                "erp",
                KeyHash.of(key),
                Set.of("publish"),
                Optional.of(Instant.parse("2099-01-31T00:00:00Z")),
                Optional.empty()));
    assertThat(make("acme").out()).doesNotContain(key);
  }

  @Test
  void machinesGetTheSameAsJson() throws IOException {
    Instant now = Clock.systemUTC().instant();
    JsonNode made = make("acme", "--expires", "90d", "--can", "read,bulk", "--json").json();
    ApiKey pasted = pasted("      - " + made.get("line").asText());
    assertThat(pasted.sha256()).isEqualTo(KeyHash.of(made.get("key").asText()));
    assertThat(pasted.id()).matches("key-2[0-9]{7}").isEqualTo(made.get("id").asText());
    assertThat(pasted.can()).containsExactlyInAnyOrder("read", "bulk");
    assertThat(pasted.expires().orElseThrow())
        .isEqualTo(made.get("expires").asText())
        .isBetween(now.plus(Duration.ofDays(90)).minusSeconds(1), now.plus(Duration.ofDays(91)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "acme --can publish,write|can: expected any of",
        "acme --expires tomorrow|'tomorrow': expected a time such as 2026-01-31T00:00:00Z",
        "acme --expires 2020-01-01T00:00:00Z|expected a time to come",
        "Acme|tenant 'Acme': expected 1 to 40 characters",
        "acme --id K|--id 'K': expected 1 to 40 characters",
        "--json|Missing required parameter: 'TENANT'"
      })
  void whatCannotBeIsUsedWrongly(String words, String told) {
    Mill.Said said = make(words.split(" "));
    assertThat(said.status()).isEqualTo(2);
    assertThat(said.err()).startsWith("hub: ").contains(told);
    assertThat(said.out()).doesNotContain("hub_");
  }
}
