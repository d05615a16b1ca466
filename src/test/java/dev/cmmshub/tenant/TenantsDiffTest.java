package dev.cmmshub.tenant;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TenantsDiffTest {
  private static final SystemKind ANY =
      new SystemKind(
          java.util.Set.of("part"),
          Optional.empty(),
          java.util.Set.of(),
          java.util.Set.of(),
          java.util.Set.of());
  private static final String BEFORE =
      """
      tenants:
        acme:
          keys: [{id: one, sha256: "%1$s"}]
          systems:
            sap: {connector: erp, parameters: {baseUrl: "https://a", password: "{{env:P}}"}}
            cmms: {connector: erp}
          subscriptions:
            - {to: cmms, events: [part.*]}
            - {to: "https://hooks.example.com/a", events: ["*"], secret: "{{env:P}}"}
        bolt: {shard: a}
        gone: {}
        same: {systems: {sap: {connector: erp}}}
      """
          .formatted("a".repeat(64));
  private static final String AFTER =
      """
      # Another order and other quotes are no change.
      tenants:
        same: {systems: {"sap": {connector: erp}}}
        acme:
          keys: [{id: one, sha256: "%1$s"}, {id: two, sha256: "%2$s"}]
          systems:
            sap:
              connector: erp
              parameters: {baseUrl: "https://b", password: "{{env:Q}}"}
              poll: [{resource: part, every: 1m}]
            cmms: {connector: erp, enabled: false}
            odoo: {connector: erp}
          subscriptions:
            - {to: "https://hooks.example.com/b", events: [part.*], secret: "{{env:P}}", order: none}
          retry: {schedule: [5s, 1500ms], maxAge: 2h}
          limits: {requestsPerSecond: 10, maxBody: 1MB}
        bolt: {enabled: false, api: [v2]}
        fresh: {systems: {sap: {connector: erp}}}
      """
          .formatted("a".repeat(64), "b".repeat(64));

  private static Tenants read(String yaml) {
    return new TenantsFile(
            TenantsBuilder.dry(
                Optional.of(Map.of("P", "whsec_c2VjcmV0", "Q", "new-secret")), Map.of("erp", ANY)))
        .read(Path.of("tenants.yaml"), yaml.getBytes(UTF_8));
  }

  private static List<String> between(String before, String after) {
    return TenantsDiff.between(read(before), read(after)).stream()
        .map(
            change ->
                "%s %s %s %s: %s"
                    .formatted(
                        change.tenant(),
                        change.action(),
                        change.part(),
                        change.name(),
                        change.detail()))
        .toList();
  }

  @Test
  void everythingThatStartsStopsOrChangesIsTold() {
    assertThat(between(BEFORE, AFTER))
        .containsExactly(
            "acme STARTS key two: ",
            "acme STOPS system cmms: enabled: true -> false",
            "acme STARTS system odoo: ",
            "acme CHANGES system sap: parameters: baseUrl, password; poll",
            "acme STOPS subscription cmms: ",
            "acme CHANGES subscription hooks.example.com: to https://hooks.example.com/a ->"
                + " https://hooks.example.com/b; events [*] -> [part.*]; order strict -> none",
            "acme CHANGES retry retry: 5s, 30s, 2m, 10m, 1h, 4h, 12h, at most 72h -> 5s, 1500ms,"
                + " at most 2h",
            "acme CHANGES limits requestsPerSecond: 1000 -> 10",
            "acme CHANGES limits burst: 2000 -> 20",
            "acme CHANGES limits maxBody: 2097152 -> 1048576 bytes",
            "bolt STOPS tenant bolt: enabled: true -> false",
            "bolt CHANGES api api: all versions -> v2",
            "bolt CHANGES shard by hash: a before; rows are not moved",
            "fresh STARTS tenant fresh: systems: sap",
            "gone STOPS tenant gone: its key is worth nothing any more");
  }

  @Test
  void noSecretIsTold() {
    assertThat(between(BEFORE, AFTER).toString()).doesNotContain("new-secret", "whsec_");
  }

  @Test
  void theSameInOtherWordsIsNoChangeButAnotherVersion() {
    String reworded = BEFORE.replace("\"https://a\"", "'https://a'") + "\n# a comment\n";
    assertThat(between(BEFORE, reworded)).isEmpty();
    assertThat(read(reworded).version()).isNotEqualTo(read(BEFORE).version());
    assertThat(read(BEFORE).version()).isEqualTo(read(BEFORE).version()).matches("[0-9a-f]{16}");
  }
}
