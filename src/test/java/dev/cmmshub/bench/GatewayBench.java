package dev.cmmshub.bench;

import dev.cmmshub.Hub;
import dev.cmmshub.HubSettings;
import dev.cmmshub.connector.Connector;
import dev.cmmshub.connector.ConnectorFolders;
import dev.cmmshub.observe.access.Admins;
import dev.cmmshub.tenant.Tenants;
import dev.cmmshub.tenant.TenantsBuilder;
import dev.cmmshub.tenant.TenantsDesk;
import dev.cmmshub.tenant.VersionsKept;
import dev.cmmshub.yaml.Watched;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Posting events: the hub's gateway route beside a bare Vert.x handler, same producer settings. */
final class GatewayBench {
  private static final String ONLY_GATEWAY =
      "file:routes/0-policies.camel.yaml,file:routes/1-gateway.camel.yaml";

  private final Path data;
  private final int requests;
  private final int connections;
  private final int rounds;

  GatewayBench(Path data, int requests, int connections, int rounds) {
    this.data = data;
    this.requests = requests;
    this.connections = connections;
    this.rounds = rounds;
  }

  Result run() throws Exception {
    Result result = new Result("gateway", rounds);
    int hubPort = FreePort.get();
    int barePort = FreePort.get();
    Tenants tenants = BenchServers.tenants(List.of());
    Map<String, Connector> connectors = new ConnectorFolders().read(Path.of("connectors"));
    try (BenchServers servers = new BenchServers(data, 1);
        Hub hub =
            Hub.start(
                settings(hubPort),
                servers.backends(),
                new Hub.Files(Watched.fixed(tenants), desk(), Watched.fixed(new Admins(List.of()))),
                connectors,
                List.of());
        BareGateway bare = new BareGateway(servers.brokers(), "bench.inbound", barePort);
        HttpLoad load = new HttpLoad(connections)) {
      for (int round = 0; round <= rounds; round++) {
        boolean hubFirst = round % 2 == 0;
        measure(load, hubFirst ? "hub" : "vertx", hubFirst ? hubPort : barePort, round, result);
        measure(load, hubFirst ? "vertx" : "hub", hubFirst ? barePort : hubPort, round, result);
      }
    }
    return result;
  }

  /** Nobody changes the tenants here. */
  private TenantsDesk desk() {
    return new TenantsDesk(
        data.resolve("tenants.yaml"),
        TenantsBuilder.dry(Optional.empty(), Map.of()),
        new VersionsKept(data.resolve("versions")));
  }

  private static HubSettings settings(int port) {
    return HubSettings.load(
        Path.of("none"),
        Map.of(),
        Map.of(
            "hub.http.port",
            Integer.toString(port),
            "hub.http.host",
            "127.0.0.1",
            "hub.admin.port",
            Integer.toString(FreePort.get()),
            "hub.topic.prefix",
            "bench",
            "hub.topic.partitions",
            Integer.toString(BenchServers.PARTITIONS),
            "camel.main.routesIncludePattern",
            ONLY_GATEWAY));
  }

  private void measure(HttpLoad load, String name, int port, int round, Result result) {
    System.gc();
    Cost cost = new Cost();
    HttpLoad.Outcome outcome =
        load.run(
            port,
            "/v1/events/sap",
            Map.of(
                "Authorization",
                "Bearer " + BenchServers.KEY + "0",
                "Content-Type",
                "application/json"),
            requests,
            i -> WorkOrders.body(i, 1_780_000_000_000L + (long) round * requests + i));
    Cost.PerOperation each = cost.per(requests);
    System.err.printf(
        Locale.ROOT,
        "gateway round %d %-6s %,.0f /s p99 %.1f ms, %.1f us %,.0f bytes, %d not accepted%n",
        round,
        name,
        outcome.perSecond(),
        outcome.p99Millis(),
        each.micros(),
        each.bytes(),
        outcome.failures());
    if (outcome.failures() > 0) {
      throw new IllegalStateException(name + ": " + outcome.failures() + " requests failed");
    }
    if (round > 0) {
      result.add(name, outcome.perSecond());
      result.addP99(name, outcome.p99Millis());
      result.addCost(name, each);
    }
  }
}
