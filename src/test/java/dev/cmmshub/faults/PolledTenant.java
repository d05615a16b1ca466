package dev.cmmshub.faults;

import dev.cmmshub.connector.PolledErp;
import dev.cmmshub.connector.PolledSap;
import dev.cmmshub.embedded.PostgresAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A tenant whose ERP is asked once a second by whichever hub has the lease, and changes always. */
final class PolledTenant implements AutoCloseable {
  /** For the hubs' environment. */
  static final Map<String, String> SETTINGS = Map.of("SAP_PASSWORD", PolledErp.SECRET);

  private static final String YAML =
      """
        polled:
          shard: b
          systems:
            sap:
              connector: sap-s4hana
              parameters: {baseUrl: "%s", username: HUB, password: "{{env:SAP_PASSWORD}}"}
              poll: [{resource: workorder, every: 1s}]
      """;
  private static final int ORDERS = 20;
  private static final int CHANGED_EVERY_MS = 250;
  private static final String STORED =
      "SELECT (data->>'number') || ' ' || source_version FROM entity WHERE tenant_id = 'polled'";

  private final PolledSap erp = new PolledSap();
  private final Map<String, Long> versions = new TreeMap<>();
  private final Thread changes = new Thread(this::change, "polled-erp");
  private final long begin = System.nanoTime();
  private volatile boolean stopped;

  /**
   * @param tenants gets one more; before the hubs read it
   */
  PolledTenant(Path tenants) throws IOException {
    Files.writeString(tenants, YAML.formatted(erp.url()), StandardOpenOption.APPEND);
    changes.setDaemon(true);
    changes.start();
  }

  private void change() {
    for (int i = 0; !stopped; i++) {
      String number = Integer.toString(4_000_000 + i % ORDERS);
      Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
      versions.put(number, now.toEpochMilli());
      erp.put(number, now);
      FaultServers.pause(CHANGED_EVERY_MS);
    }
  }

  /**
   * Ends the changes and waits until all are stored, a minute at most; says what is not as it must
   * be.
   */
  List<String> complaints(List<PostgresAddress> shards) throws SQLException, InterruptedException {
    stopped = true;
    changes.join();
    Set<String> missing = missing(shards);
    for (int i = 0; i < Oracle.QUIET.toMillis() / 200 && !missing.isEmpty(); i++) {
      FaultServers.pause(200);
      missing = missing(shards);
    }
    List<String> complaints = new ArrayList<>();
    missing.forEach(order -> complaints.add("polled " + order + " is not stored"));
    // Two hubs that poll ask twice as often.
    double seconds = (System.nanoTime() - begin) / 1e9;
    if (requests() > 1.4 * seconds) {
      complaints.add(
          "polled %d times in %.0f s instead of once a second".formatted(requests(), seconds));
    }
    return complaints;
  }

  private Set<String> missing(List<PostgresAddress> shards) throws SQLException {
    Set<String> missing = new HashSet<>();
    versions.forEach((number, version) -> missing.add(number + ' ' + version));
    Shelves.column(shards, STORED).forEach(missing::remove);
    return missing;
  }

  /** How often it was asked. */
  int requests() {
    return erp.asked().size();
  }

  @Override
  public void close() {
    stopped = true;
    erp.close();
  }
}
