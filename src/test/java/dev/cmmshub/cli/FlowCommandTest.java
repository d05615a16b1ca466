package dev.cmmshub.cli;

import static dev.cmmshub.TestHub.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cmmshub.TestAdmins;
import dev.cmmshub.TestHub;
import dev.cmmshub.embedded.PostgresAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What {@code ./hub flow} tells of a hub with a silent flow, one that flows and one that is new.
 */
class FlowCommandTest {
  private static final String TENANTS =
      """
        pier:
          shard: a
          systems: {sap: {connector: sap-s4hana}, old: {connector: odoo}, idle: {connector: odoo, enabled: false}}
          flows:
            - {from: sap, entity: purchasedocument, within: 15m}
            - {from: old, within: 1h}
            - {from: idle, within: 1h}
      """;

  private static TestHub hub;

  @BeforeAll
  static void start() throws SQLException {
    hub = TestHub.with(TENANTS);
    history();
  }

  @AfterAll
  static void stop() {
    hub.close();
  }

  /** As if the hub had run for three weeks, and two flows had stopped. */
  private static void history() throws SQLException {
    PostgresAddress shard = hub.shards().get(0);
    try (Connection connection =
            DriverManager.getConnection(shard.jdbcUrl(), shard.adminUser(), shard.adminPassword());
        Statement statement = connection.createStatement()) {
      statement.execute("SELECT set_config('hub.tenants', 'pier', false)");
      statement.execute(
          """
          INSERT INTO flow (tenant_id, stage, party, entity, first_at, last_at) VALUES
            ('pier', 'applied', 'sap', 'purchasedocument', now() - interval '22 days', now() - interval '3 hours'),
            ('pier', 'applied', 'sap', 'part', now() - interval '22 days', now() - interval '3 hours'),
            ('pier', 'applied', 'sap', 'asset', now() - interval '22 days', now() - interval '3 hours'),
            ('pier', 'applied', 'idle', 'part', now() - interval '22 days', now() - interval '3 hours'),
            ('pier', 'applied', 'gone', 'part', now() - interval '22 days', now() - interval '3 hours')
          """);
      statement.execute(
          """
          INSERT INTO flow_hour (tenant_id, stage, party, entity, hour, events, minutes)
          SELECT 'pier', 'applied', party, 'part', h, 100, 30
            FROM unnest(ARRAY['sap', 'gone']) AS party,
                 generate_series(date_trunc('hour', now() - interval '22 days'), now() - interval '3 hours', '1 hour') AS h
          """);
    }
  }

  private static Mill.Said run(String... words) {
    return Mill.runAt(
        hub,
        TestAdmins.VIEWER,
        Stream.concat(Stream.of("flow", "list"), Stream.of(words)).toArray(String[]::new));
  }

  @Test
  void whatStoppedIsSilentAndWhatFlowsIsNot() throws Exception {
    byte[] order =
        Files.readAllBytes(
            Path.of("connectors/sap-s4hana/samples/workorder.from-erp.released.json"));
    assertThat(hub.post("/v1/events/sap", "north", "application/json", order).statusCode())
        .isEqualTo(202);
    assertThat(
            eventually(
                () ->
                    run("--silent", "--json").json().size() == 2
                        && run("--tenant", "north").out().contains("from sap workorder")))
        .as("%s", run("--json").out())
        .isTrue();
    Mill.Said silent = run("--silent");
    assertThat(silent.status()).isEqualTo(3);
    assertThat(silent.out().lines().map(line -> line.replaceAll(" +", " ").strip()))
        .containsExactlyInAnyOrder(
            "TENANT FLOW STATE LAST SUCCESS EXPECTED OLDEST WAITING",
            "pier from sap purchasedocument silent 3 h ago within 15 min",
            "pier from sap part silent 3 h ago as usual");
    assertThat(
            run("--tenant", "pier").out().lines().map(line -> line.replaceAll(" +", " ").strip()))
        .contains("pier from old * flows never within 60 min")
        .contains("pier from idle * flows 3 h ago within 60 min")
        .contains("pier from sap asset flows 3 h ago as usual")
        .noneMatch(line -> line.contains("gone"));
    assertThat(run("--tenant", "river", "--silent").status()).isZero();
    assertThat(run("--tenant", "river", "--silent").out()).startsWith("No flow is silent.");
    assertThat(
            eventually(
                () ->
                    hub.admin("/q/metrics")
                        .lines()
                        .anyMatch(
                            line ->
                                line.startsWith("hub_flow_silent_seconds{")
                                    && line.contains("purchasedocument")
                                    && line.matches(".* 1\\d{4}\\.\\d+"))))
        .isTrue();
    assertThat(hub.admin("/q/metrics"))
        .containsPattern(
            "hub_flow_silent_seconds\\{[^}]*entity=\"\\*\"[^}]*party=\"old\"[^}]*} 0\\.0");
  }

  @Test
  void aTenantThatIsNotThereIsNamed() {
    Mill.Said nobody = run("--tenant", "nobody");
    assertThat(nobody.status()).isEqualTo(2);
    assertThat(nobody.err()).contains("'nobody' is not in tenants.yaml");
  }
}
