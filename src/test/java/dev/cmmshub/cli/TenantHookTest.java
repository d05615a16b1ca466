package dev.cmmshub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.HookConnectors;
import dev.cmmshub.connector.ConnectorFolders;
import dev.cmmshub.tenant.Hook;
import dev.cmmshub.tenant.KeyHash;
import dev.cmmshub.tenant.Secret;
import dev.cmmshub.tenant.TenantsBuilder;
import dev.cmmshub.tenant.TenantsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code ./hub tenant hook new} makes. */
class TenantHookTest {
  @TempDir private Path folder;
  private Path config;
  private Path tenants;

  @BeforeEach
  void write() throws IOException {
    Path connectors = HookConnectors.withAllOthers(folder.resolve("connectors"));
    config = folder.resolve("application.properties");
    Files.writeString(
        config,
        "hub.connectors.folder=%s\nhub.http.public-address=https://hub.example\n"
            .formatted(connectors));
    tenants = folder.resolve("tenants.yaml");
    Files.writeString(
        tenants,
        """
        tenants:
          acme:
            systems:
              erp:
                connector: signed-frappe
              shop-2: {connector: signed-standard}
              odoo: {connector: odoo}
        """);
  }

  private Mill.Said make(String... words) {
    return Mill.runAnywhere(
        Stream.concat(
                Stream.of("tenant", "hook", "new"),
                Stream.concat(
                    Stream.of(words),
                    Stream.of("--config", config.toString(), "--tenants", tenants.toString())))
            .toArray(String[]::new));
  }

  @Test
  void theLineCanBePastedAndIsOfTheAddress() throws IOException {
    Mill.Said said = make("acme", "erp");
    assertThat(said.status()).as(said.err()).isZero();
    List<String> lines = said.out().lines().toList();
    String address = lines.get(1).strip();
    assertThat(address).matches("https://hub\\.example/v1/hooks/[A-Za-z0-9_-]{43}");
    assertThat(lines.get(2)).contains("(frappe)", "ACME_ERP_HOOK");
    Secret secret = new Secret(lines.get(3).strip());
    assertThat(secret.value()).matches("[A-Za-z0-9_-]{43}");

    Files.writeString(
        tenants,
        Files.readString(tenants)
            .replace("signed-frappe\n", "signed-frappe\n" + lines.get(5) + "\n"));
    Optional<Hook> hook =
        new TenantsFile(
                TenantsBuilder.dry(
                    Optional.of(Map.of("ACME_ERP_HOOK", secret.value())),
                    ConnectorFolders.kinds(
                        new ConnectorFolders().read(folder.resolve("connectors")))))
            .read(tenants)
            .byId("acme")
            .flatMap(acme -> acme.system("erp"))
            .orElseThrow()
            .hook();
    String token = address.substring(address.lastIndexOf('/') + 1);
    assertThat(hook).contains(new Hook(List.of(KeyHash.of(token)), List.of(secret)));
    assertThat(make("acme", "erp").out()).doesNotContain(token).doesNotContain(secret.value());
  }

  @Test
  void machinesGetTheSameAsJson() {
    JsonNode made = make("acme", "shop-2", "--json").json();
    String address = made.get("address").asText();
    assertThat(made.get("sha256").asText())
        .isEqualTo(KeyHash.of(address.substring(address.lastIndexOf('/') + 1)));
    assertThat(made.get("secret").asText()).startsWith("whsec_");
    assertThat(Base64.getDecoder().decode(made.get("secret").asText().substring(6))).hasSize(32);
    assertThat(made.get("line").asText()).contains("{{env:ACME_SHOP_2_HOOK}}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "acm erp|'acm': |has no such tenant",
        "acme sap|'sap': acme has no such system|expected one of [erp, odoo, shop-2]",
        "acme odoo|connector odoo does not say how its systems sign|tenant key new",
        "acme|Missing required parameter: 'SYSTEM'|hub"
      })
  void whatCannotBeIsUsedWrongly(String words, String told, String further) {
    Mill.Said said = make(words.split(" "));
    assertThat(said.status()).isEqualTo(2);
    assertThat(said.err()).startsWith("hub: ").contains(told, further);
    assertThat(said.out()).doesNotContain("/v1/hooks/");
  }
}
