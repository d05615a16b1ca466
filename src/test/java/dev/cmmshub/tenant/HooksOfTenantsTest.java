package dev.cmmshub.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cmmshub.tenant.Tenants.HookAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@code hook} of a system may say. */
class HooksOfTenantsTest {
  private static final String TOKEN = "ab".repeat(32);
  private static final String OTHER = "cd".repeat(32);
  private static final Map<String, String> ENVIRONMENT =
      Map.of("TEXT", "s3cret!", "KEY", "whsec_c2VjcmV0", "EMPTY", "");
  private static final Map<String, SystemKind> CONNECTORS =
      Map.of(
          "text", kind(Optional.of(HookSecret.TEXT)),
          "key", kind(Optional.of(HookSecret.BASE64)),
          "none", kind(Optional.empty()));

  @TempDir private Path folder;

  private static SystemKind kind(Optional<HookSecret> hook) {
    return new SystemKind(
        Set.of(), Optional.empty(), Set.of(), Set.of(), Set.of(), hook, Optional.empty());
  }

  private Tenants read(String systems) throws IOException {
    return read(Optional.of(ENVIRONMENT), systems);
  }

  private Tenants read(Optional<Map<String, String>> environment, String systems)
      throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("tenants.yaml"),
            "tenants:\n  acme:\n    systems:\n" + systems.indent(6));
    return new TenantsFile(TenantsBuilder.dry(environment, CONNECTORS)).read(file);
  }

  private static String system(String connector, String token, String secrets) {
    return "{connector: %s, hook: {token: %s, secrets: %s}}".formatted(connector, token, secrets);
  }

  @Test
  void theTokenDecidesTenantAndSystem() throws IOException {
    Tenants tenants =
        read(
            "erp: "
                + system("text", TOKEN, "[\"{{env:TEXT}}\", \"{{env:KEY}}\"]")
                + "\nold: "
                + system("key", "[" + OTHER + ", " + "ef".repeat(32) + "]", "[\"{{env:KEY}}\"]"));
    HookAddress address = tenants.byHookToken(TOKEN).orElseThrow();
    assertThat(address.identity().tenant().id()).isEqualTo("acme");
    assertThat(address.identity().credential().id()).isEqualTo("hook:erp");
    assertThat(address.identity().credential().can()).containsOnly("publish");
    assertThat(address.system().name()).isEqualTo("erp");
    assertThat(address.system().hook())
        .contains(
            new Hook(List.of(TOKEN), List.of(new Secret("s3cret!"), new Secret("whsec_c2VjcmV0"))));
    for (String token : List.of(OTHER, "ef".repeat(32))) {
      assertThat(tenants.byHookToken(token).orElseThrow().system().name()).isEqualTo("old");
    }
    // The hash of a token is no key, and a key opens no hook.
    assertThat(tenants.byKeyHash(TOKEN)).isEmpty();
    assertThat(tenants.byHookToken("00".repeat(32))).isEmpty();
  }

  @Test
  void secretsNeedNotBeThereWhereTheFileIsChecked() throws IOException {
    assertThat(
            read(Optional.empty(), "erp: " + system("key", TOKEN, "[\"{{env:NOT_HERE}}\"]"))
                .byHookToken(TOKEN))
        .isPresent();
  }

  @Test
  void twoSystemsWithOneTokenAreRefused() throws IOException {
    String hook = "hook: {token: " + TOKEN + ", secrets: [\"{{env:TEXT}}\"]}";
    assertThatThrownBy(
            () ->
                read(
                    "erp: {connector: text, %s}\nold: {connector: text, %s}".formatted(hook, hook)))
        .hasMessageContaining("tenants.yaml:5:44: tenants.acme.systems.old.hook.token: is also a")
        .hasMessageContaining("token of tenant 'acme', system 'erp'");
    Path file = folder.resolve("two.yaml");
    String tenant = "{systems: {erp: {connector: text, " + hook + "}}}\n";
    Files.writeString(file, "tenants:\n  acme: " + tenant + "  bolt: " + tenant);
    assertThatThrownBy(
            () ->
                new TenantsFile(TenantsBuilder.dry(Optional.of(ENVIRONMENT), CONNECTORS))
                    .read(file))
        .hasMessageContaining("two.yaml:3:")
        .hasMessageContaining("is also a token of tenant 'acme', system 'erp'");
  }

  /** What is read of a file piece by piece is put together here. */
  @Test
  void soAreTwoThatWereReadOneByOne() throws IOException {
    Tenant acme =
        read("erp: " + system("text", TOKEN, "[\"{{env:TEXT}}\"]")).byId("acme").orElseThrow();
    Tenant bolt =
        new Tenant(
            "bolt",
            true,
            List.of(),
            acme.systems(),
            List.of(),
            Map.of(),
            acme.retry(),
            acme.limits(),
            List.of(),
            Optional.empty());
    assertThatThrownBy(() -> new Tenants(List.of(acme, bolt)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'bolt': system 'erp'");
  }

  @Test
  void anotherSecretIsAChangeThatDoesNotTellIt() throws IOException {
    Tenants before = read("erp: " + system("text", TOKEN, "[\"{{env:TEXT}}\"]"));
    Tenants after = read("erp: " + system("text", TOKEN, "[\"{{env:KEY}}\"]"));
    assertThat(TenantsDiff.between(before, after))
        .containsExactly(
            new TenantChange("acme", "system", "erp", TenantChange.Action.CHANGES, "hook"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "none|@|['{{env:TEXT}}']|systems.erp.hook: connector none does not say how its systems sign",
        "text|ABC|['{{env:TEXT}}']|hook.token: 'ABC': expected: SHA-256 of the token",
        "text|[]|['{{env:TEXT}}']|hook.token: expected at least 1",
        "text|@|[]|hook.secrets: expected at least 1",
        "text|@|['s3cret!']|hook.secrets[0]: expected: A reference {{env:NAME}}",
        "text|@|['{{env:NOT}}']|hook.secrets[0]: {{env:NOT}}: the environment has no variable",
        "text|@|['{{env:EMPTY}}']|hook.secrets[0]: {{env:EMPTY}}: is empty",
        "key|@|['{{env:KEY}}', '{{env:TEXT}}']|hook.secrets[1]: expected a secret of base64"
      })
  void whatCannotBeIsToldWithItsPlace(String connector, String token, String secrets, String told) {
    assertThatThrownBy(() -> read("erp: " + system(connector, token.replace("@", TOKEN), secrets)))
        .hasMessageContaining("tenants.yaml:4:")
        .hasMessageContaining(told)
        .hasMessageNotContaining("s3cret!");
  }

  @ParameterizedTest
  @EnumSource(HookSecret.class)
  void aSecretThatWasMadeHas256Bits(HookSecret form) {
    Secret made = form.make(new SecureRandom());
    assertThat(form.key(made)).hasSizeGreaterThanOrEqualTo(32);
    assertThat(form.make(new SecureRandom())).isNotEqualTo(made);
  }
}
