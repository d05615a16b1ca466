package dev.cmmshub.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cmmshub.TestHub;
import dev.cmmshub.connector.PolledErp;
import dev.cmmshub.connector.PolledSap;
import dev.cmmshub.embedded.EmbeddedServices;
import dev.cmmshub.embedded.EmbeddedSettings;
import dev.cmmshub.embedded.PostgresAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} between the broker's acknowledgement of a page and the watermark. */
@Tag("faults")
class PolledKillTest {
  private static final Instant NOON = Instant.parse("2026-03-06T12:00:00Z");
  private static final String POLLED =
      """
        polled:
          shard: b
          systems:
            sap:
              connector: sap-s4hana
              parameters: {baseUrl: "%s", username: HUB, password: "{{env:SAP_PASSWORD}}"}
              poll: [{resource: workorder, every: 1s}]
      """;

  private PostgresAddress shard;

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(shard.jdbcUrl(), shard.adminUser(), shard.adminPassword());
  }

  private List<String> read(String sql) {
    List<String> found = new ArrayList<>();
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        found.add(rows.getString(1));
      }
      return found;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Number, version and when it was written. */
  private List<String> orders() {
    return read(
        "SELECT (data->>'number') || ' v' || source_version || ' ' || updated_at FROM entity"
            + " WHERE tenant_id = 'polled' ORDER BY 1");
  }

  private List<String> watermark() {
    return read(
        "SELECT changed_until AT TIME ZONE 'UTC' FROM watermark WHERE changed_until IS NOT NULL");
  }

  /** While it is held the hub has published the page and cannot say so. */
  private Connection holdWatermark() {
    try {
      Connection held = connect();
      held.setAutoCommit(false);
      held.createStatement().execute("SELECT FROM watermark FOR UPDATE");
      return held;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void thePageIsReadAgainAndChangesNothing(@TempDir Path folder) throws Exception {
    try (EmbeddedServices servers =
            EmbeddedServices.start(EmbeddedSettings.in(folder.resolve("data"), 2), line -> {});
        PolledSap erp = new PolledSap();
        FaultBench bench = bench(servers, folder, erp);
        TopicReader topics = new TopicReader(servers.addresses().kafkaBootstrap())) {
      shard = servers.addresses().shards().get(1);
      for (int i = 1; i <= 3; i++) {
        erp.put("400000" + i, NOON.plusSeconds(i));
      }
      List<Connection> held = new ArrayList<>();
      erp.afterPage(() -> held.add(holdWatermark()));
      bench.hub.start();
      assertThat(TestHub.eventually(() -> orders().size() == 3)).as(bench.hub.tail()).isTrue();
      // Else the topic would be read again too, and each event be known twice.
      assertThat(TestHub.eventually(() -> bench.untransformed(topics).isEmpty())).isTrue();
      List<String> before = orders();
      bench.hub.kill();
      held.get(0).rollback();
      held.get(0).close();
      assertThat(watermark()).isEmpty();

      erp.put("4000004", NOON.plusSeconds(4));
      bench.hub.start();
      assertThat(TestHub.eventually(() -> orders().size() == 4)).as(bench.hub.tail()).isTrue();
      assertThat(orders()).containsAll(before);
      assertThat(TestHub.eventually(() -> !watermark().isEmpty())).isTrue();
      assertThat(watermark()).containsExactly("2026-03-06 12:00:04");
      // The fourth may be stored before the three that came again are recognised.
      assertThat(TestHub.eventually(() -> bench.untransformed(topics).isEmpty())).isTrue();
      assertThat(bench.metric("hub_events_total", "outcome=\"duplicate\"")).isEqualTo(3);
      assertThat(read("SELECT event_id FROM inbox WHERE tenant_id = 'polled'")).hasSize(4);
      assertThat(bench.secretsInLogs()).isEmpty();
    }
  }

  private static FaultBench bench(EmbeddedServices servers, Path folder, PolledSap erp)
      throws IOException {
    FaultBench bench =
        new FaultBench(
            servers.addresses(),
            folder.resolve("polled-kill"),
            Map.of("SAP_PASSWORD", PolledErp.SECRET));
    Files.writeString(
        folder.resolve("polled-kill/tenants.yaml"),
        POLLED.formatted(erp.url()),
        StandardOpenOption.APPEND);
    return bench;
  }
}
