package dev.cmmshub.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cmmshub.connector.PolledErp;
import dev.cmmshub.connector.PolledSap;
import dev.cmmshub.embedded.EmbeddedServices;
import dev.cmmshub.embedded.EmbeddedSettings;
import dev.cmmshub.embedded.PostgresAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} of the node that runs a load each minute, while its job reads. */
@Tag("faults")
class BatchKillTest {
  private static final Instant NOON = Instant.parse("2026-03-06T12:00:00Z");
  private static final Duration PATIENCE = Duration.ofSeconds(150);
  private static final int ORDERS = 7;
  private static final String LOADED =
      """
        loaded:
          shard: b
          systems:
            sap:
              connector: sap-s4hana
              parameters: {baseUrl: "%s", username: HUB, password: "{{env:SAP_PASSWORD}}"}
          batch: [{id: orders, system: sap, entities: [workorder], schedule: "* * * * *", enabled: false}]
      """;

  private List<PostgresAddress> shards;
  private volatile String killed;

  private List<String> read(String sql) {
    try {
      return Shelves.column(shards, sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private boolean becomes(String sql, String expected) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!read(sql).contains(expected) && System.nanoTime() < end) {
      FaultServers.pause(200);
    }
    return read(sql).contains(expected);
  }

  @Test
  void theOtherNodeEndsTheRunOfThisMinute(@TempDir Path folder) throws Exception {
    try (EmbeddedServices servers =
            EmbeddedServices.start(EmbeddedSettings.in(folder.resolve("data"), 2), line -> {});
        PolledSap erp = new PolledSap();
        FaultBench bench =
            new FaultBench(
                servers.addresses(),
                folder.resolve("batch-kill"),
                Map.of("SAP_PASSWORD", PolledErp.SECRET))) {
      shards = List.of(servers.addresses().shards().get(1));
      Files.writeString(
          folder.resolve("batch-kill/tenants.yaml"),
          LOADED.formatted(erp.url()),
          StandardOpenOption.APPEND);
      for (int i = 1; i <= ORDERS; i++) {
        erp.put("500000" + i, NOON.plusSeconds(i));
      }
      erp.limit(2);
      bench.hub.start();
      try (HubProcess other = bench.another("second")) {
        other.start();
        erp.afterPage(() -> killWhoRuns(bench.hub, other));
        for (HubProcess one : List.of(bench.hub, other)) {
          Path file = one.folder().resolve("tenants.yaml");
          Files.writeString(
              file, Files.readString(file).replace("enabled: false}]", "enabled: true}]"));
        }
        String done =
            "SELECT count(*)::text FROM batch_run WHERE state = 'done' AND started_at IS NOT NULL";
        assertThat(becomes(done, "1")).as(bench.hub.tail() + other.tail()).isTrue();
        assertThat(read("SELECT count(*)::text FROM entity WHERE tenant_id = 'loaded'"))
            .containsExactly(Integer.toString(ORDERS));
        assertThat(killed).isNotNull();
        assertThat(read("SELECT DISTINCT node FROM batch_run WHERE started_at IS NOT NULL"))
            .as("the other one ended it")
            .doesNotContain(killed);
        assertThat(
                read(
                    "SELECT logical_time::text FROM batch_run AS r WHERE state <> 'skipped'"
                        + " AND cardinality(jobs) > 1"))
            .as("one job each")
            .isEmpty();
        assertThat(read("SELECT count(*)::text FROM bulk_job WHERE created_by = 'schedule:orders'"))
            .isEqualTo(read("SELECT count(*)::text FROM batch_run WHERE cardinality(jobs) = 1"));
        System.out.printf(
            "batch: the run of a killed node ended %s s after its time%n",
            read(
                "SELECT extract(epoch FROM ended_at - logical_time)::int::text FROM batch_run"
                    + " WHERE state = 'done' ORDER BY logical_time LIMIT 1"));
      }
      assertThat(bench.secretsInLogs()).isEmpty();
    }
  }

  /** Whichever has the lease. */
  private void killWhoRuns(HubProcess one, HubProcess other) {
    killed =
        read("SELECT node FROM batch_run WHERE state = 'running' ORDER BY logical_time LIMIT 1")
            .get(0);
    (killed.endsWith("-" + one.pid()) ? one : other).kill();
  }
}
