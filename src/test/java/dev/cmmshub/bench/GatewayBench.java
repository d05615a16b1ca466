package dev.cmmshub.bench;

import dev.cmmshub.Hub;
import dev.cmmshub.HubSettings;
import dev.cmmshub.connector.ConnectorFolders;
import dev.cmmshub.embedded.LoopbackPorts;
import dev.cmmshub.observe.access.Admins;
import dev.cmmshub.tenant.TenantsBuilder;
import dev.cmmshub.tenant.TenantsDesk;
import dev.cmmshub.tenant.VersionsKept;
import dev.cmmshub.yaml.Watched;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Posting events: the hub's gateway route beside a bare Vert.x handler, same producer settings, and
 * beside the same route that lets everybody in.
 */
final class GatewayBench {

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

  private record Variant(String name, int port) {}

  Result run() throws Exception {
    Result result = new Result("gateway", rounds);
    int hubPort = LoopbackPorts.free();
    int openPort = LoopbackPorts.free();
    int barePort = LoopbackPorts.free();
    try (BenchServers servers = new BenchServers(data, 1);
        Hub hub = hub(servers, hubPort, Path.of("routes/1-gateway.camel.yaml"));
        Hub open = hub(servers, openPort, OpenGateway.write(data.resolve("open")));
        BareGateway bare = new BareGateway(servers.brokers(), "bench.inbound", barePort);
        HttpLoad load = new HttpLoad(connections)) {
      List<Variant> variants =
          new ArrayList<>(
              List.of(
                  new Variant("hub", hubPort),
                  new Variant("open", openPort),
                  new Variant("vertx", barePort)));
      for (int round = 0; round <= rounds; round++) {
        for (Variant variant : variants) {
          measure(load, variant, round, result);
        }
        // Each is first, second and last as often.
        Collections.rotate(variants, 1);
      }
    }
    return result;
  }

  private Hub hub(BenchServers servers, int port, Path gateway) throws Exception {
    return Hub.start(
        settings(port, "file:routes/0-policies.camel.yaml,file:" + gateway),
        servers.backends(),
        new Hub.Files(
            Watched.fixed(BenchServers.tenants(List.of())),
            desk(),
            Watched.fixed(new Admins(List.of()))),
        new ConnectorFolders().read(Path.of("connectors")),
        List.of());
  }

  /** Nobody changes the tenants here. */
  private TenantsDesk desk() {
    return new TenantsDesk(
        data.resolve("tenants.yaml"),
        TenantsBuilder.dry(Optional.empty(), Map.of()),
        new VersionsKept(data.resolve("versions")));
  }

  private static HubSettings settings(int port, String routes) {
    return HubSettings.load(
        Path.of("none"),
        Map.of(),
        Map.of(
            "hub.http.port",
            Integer.toString(port),
            "hub.http.host",
            "127.0.0.1",
            "hub.admin.port",
            Integer.toString(LoopbackPorts.free()),
            "hub.topic.prefix",
            "bench",
            "hub.topic.partitions",
            Integer.toString(BenchServers.PARTITIONS),
            "camel.main.routesIncludePattern",
            routes));
  }

  private void measure(HttpLoad load, Variant variant, int round, Result result) {
    System.gc();
    Cost cost = new Cost();
    HttpLoad.Outcome outcome =
        load.run(
            variant.port(),
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
        variant.name(),
        outcome.perSecond(),
        outcome.p99Millis(),
        each.micros(),
        each.bytes(),
        outcome.failures());
    if (outcome.failures() > 0) {
      throw new IllegalStateException(
          variant.name() + ": " + outcome.failures() + " requests failed");
    }
    if (round > 0) {
      result.add(variant.name(), outcome.perSecond());
      result.addP99(variant.name(), outcome.p99Millis());
      result.addCost(variant.name(), each);
    }
  }
}
