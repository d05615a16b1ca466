package dev.cmmshub.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cmmshub.HookConnectors;
import dev.cmmshub.tenant.HookSecret;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code hook} of a manifest may say. */
class HookSchemeTest {
  @TempDir private Path folder;

  private HookScheme read(String hook) {
    HookConnectors.write(folder, "mill", hook);
    return new ConnectorFolders().read(folder).get("mill").hook().orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"frappe", "standard-webhooks"})
  void aSchemeIsItsNameAloneOrBesideOtherThings(String name) {
    assertThat(read(name)).isEqualTo(HookScheme.NAMED.get(name));
    assertThat(read("{scheme: " + name + "}")).isEqualTo(HookScheme.NAMED.get(name));
    assertThat(read("{scheme: " + name + ", validation: echo}").echo()).isTrue();
  }

  @Test
  void aSchemeMayHaveOtherHeaders() {
    HookScheme svix =
        read(
            "{scheme: standard-webhooks, header: svix-signature, id: svix-id,"
                + " timestamp: {header: svix-timestamp}}");
    assertThat(svix.headers()).containsExactly("svix-id", "svix-signature", "svix-timestamp");
    assertThat(svix.signed()).isEqualTo(HookScheme.NAMED.get("standard-webhooks").signed());
    assertThat(svix.secret()).isEqualTo(HookSecret.BASE64);
  }

  @Test
  void aTemplateKeepsItsText() {
    assertThat(
            read("{header: S, encoding: hex, signed: 'v0:{timestamp}:{body}!',"
                    + " timestamp: {header: T}}")
                .signed())
        .isEqualTo(List.of("v0:", "{timestamp}", ":", "{body}", "!"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "frape|7:7: hook: 'frape': expected one of standard-webhooks, frappe",
        "{scheme: github}|7:16: hook.scheme: 'github': expected one of standard-webhooks, frappe",
        "{header: X, encoding: hex}|7:7: hook: 'signed' is missing: What is signed",
        "{header: X, encoding: hx, signed: '{body}'}|7:29: hook.encoding: 'hx': expected one of hex",
        "{header: X, encoding: hex, signed: '{bdy}'}|7:42: hook.signed: '{bdy}': expected: What is",
        "{header: X Y, encoding: hex, signed: '{body}'}|7:16: hook.header: 'X Y': expected: The",
        "{header: X, encoding: hex, signed: 'v1'}|hook.signed: expected {body} once",
        "{header: X, encoding: hex, signed: '{body}{body}'}|hook.signed: expected {body} once",
        "{header: X, encoding: hex, signed: '{timestamp}{body}'}|expected timestamp: too",
        "{header: X, encoding: hex, signed: '{id}.{body}'}|hook.signed: has {id}: expected id: too",
        "{header: X, encoding: hex, signed: '{body}', id: I}|expected {id} in it: what is not signed",
        "{scheme: frappe, timestamp: {header: T}}|hook: expected {timestamp} in it: what",
        "{scheme: frappe, timestamp: {prefix: t, header: T}}|hook.timestamp: expected: Where the",
        "{header: X, encoding: hex, signed: '{timestamp}{body}', timestamp: {prefix: t=}}|separator:",
        "{scheme: frappe, validation: body}|hook.validation: 'body': expected one of echo",
        "{scheme: frappe, algoritm: sha512}|unknown field 'algoritm', did you mean algorithm?"
      })
  void whatCannotBeIsToldWithItsPlace(String hook, String told) {
    assertThatThrownBy(() -> read(hook))
        .hasMessageContaining("connector.yaml:7:")
        .hasMessageContaining(told);
  }
}
