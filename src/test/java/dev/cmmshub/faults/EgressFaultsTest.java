package dev.cmmshub.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.cmmshub.Unvisited;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tenants whose addresses lead into the hub's own network. */
@Tag("faults")
class EgressFaultsTest {
  @RegisterExtension static final FaultServers SERVERS = FaultServers.steady();

  private static final int EVENTS = 3;

  /** Webhooks get ids by their number, more-0 and so on; the metadata of clouds is more-3. */
  private static final List<String> HOSTS =
      List.of("127.0.0.1", "[::ffff:127.0.0.1]", "2130706433", "169.254.169.254", "localhost");

  private static final String METADATA = "more-3";

  /** The tenants' own webhooks, which are on loopback too. */
  private static String hooksOf(FaultBench bench) {
    return String.join(
        ",",
        Stream.of("harbor", "north", "river")
            .map(name -> bench.tenant(name) + "/127.0.0.1=127.0.0.0/8")
            .toList());
  }

  @Test
  void nothingInsideIsConnectedUntilTheOperatorAllowsIt() throws Exception {
    FaultBench bench = SERVERS.bench("f28", Map.of("ERP_PASSWORD", "erp-3f7a91c2"));
    String river = bench.tenant("river");
    try (Unvisited port = new Unvisited()) {
      subscribe(bench, port.port());
      bench.configure("HUB_EGRESS_ALLOW", hooksOf(bench));
      bench.hub.start();
      for (int i = 0; i < EVENTS; i++) {
        bench.client.send(new WorkOrder(river, "E" + i, WorkOrder.FIRST_VERSION, false));
      }
      FaultServers.await(() -> refused(bench).size() == EVENTS * (HOSTS.size() + 1));
      FaultServers.await(() -> bench.receipts.seen().size() == EVENTS);
      assertThat(port.wasVisited()).as("a connection to what is listening").isFalse();
    }
    assertThat(refused(bench)).contains("cmms", "more-0", "more-1", "more-2", METADATA, "more-4");
    assertThat(bench.metric("hub_egress_refused_total", "tenant=\"" + river + "\""))
        .isEqualTo(EVENTS * (HOSTS.size() + 1));
    assertThat(linesThatTell(bench)).as("one line a target").isEqualTo(HOSTS.size() + 1);
    heal(bench);
  }

  private static void subscribe(FaultBench bench, int port) throws IOException {
    String river = bench.tenant("river");
    bench.tenants.subscribe(
        river,
        IntStream.range(0, HOSTS.size())
            .mapToObj(i -> "http://" + HOSTS.get(i) + ":" + port + "/" + i)
            .toList());
    bench.tenants.edit(
        river,
        "systems: .*",
        """
        systems: {sap: {connector: sap-s4hana}, cmms: {connector: cmms-rest, \
        parameters: {baseUrl: "http://127.0.0.1:%d/cmms", apiToken: "{{env:ERP_PASSWORD}}"}}}"""
            .formatted(port));
    bench.tenants.edit(
        river, "subscriptions: \\[", "subscriptions: [{to: cmms, events: [workorder.*]}, ");
  }

  /** The port is allowed and answers now; metadata of clouds stays where it is. */
  private static void heal(FaultBench bench) throws Exception {
    bench.hub.terminate();
    bench.configure(
        "HUB_EGRESS_ALLOW",
        hooksOf(bench) + "," + bench.tenant("river") + "/cmms=127.0.0.1," + allowed(bench));
    Set<String> told = ConcurrentHashMap.newKeySet();
    HttpServer receiver = receiver(port(bench), told);
    try {
      bench.hub.start();
      operate(bench, "replay?errorClass=egress&confirm=true", "");
      FaultServers.await(() -> told.size() == EVENTS * HOSTS.size());
      FaultServers.await(() -> refused(bench).equals(List.of(METADATA, METADATA, METADATA)));
      operate(bench, "discard?errorClass=egress&confirm=true", "{\"reason\": \"never meant\"}");
      bench.assertClean(
          "fault 28: %d events to %d addresses inside, none connected; %d delivered once allowed"
              .formatted(EVENTS, HOSTS.size() + 1, told.size()));
    } finally {
      receiver.stop(0);
    }
  }

  private static String allowed(FaultBench bench) {
    return String.join(
        ",",
        Stream.of("more-0", "more-1", "more-2", "more-4")
            .map(hook -> bench.tenant("river") + "/" + hook + "=127.0.0.1")
            .toList());
  }

  private static int port(FaultBench bench) throws IOException {
    String text = Files.readString(bench.hub.folder().resolve("tenants.yaml"));
    return Integer.parseInt(text.replaceAll("(?s).*baseUrl: \"http://127.0.0.1:(\\d+)/.*", "$1"));
  }

  /** Notes each pair of path and event. */
  private static HttpServer receiver(int port, Set<String> told) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 128);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          String id = exchange.getRequestHeaders().getFirst("webhook-id");
          String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
          told.add(exchange.getRequestURI() + " " + id + " " + key);
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static void operate(FaultBench bench, String what, String body) throws IOException {
    HttpResponse<String> answer =
        bench.hub.operate(
            "ann",
            "POST",
            "/admin/v1/dead-letters/" + what,
            "*",
            body.getBytes(StandardCharsets.UTF_8));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  /** The subscription of each dead letter of this kind. */
  private static List<String> refused(FaultBench bench) throws SQLException {
    return Shelves.column(
        bench.servers.shards(),
        "SELECT subscription FROM dead_letter WHERE error_class = 'egress' ORDER BY subscription");
  }

  private static long linesThatTell(FaultBench bench) throws IOException {
    long lines = 0;
    for (Path log : bench.hub.logs()) {
      try (Stream<String> text = Files.lines(log)) {
        lines += text.filter(line -> line.contains("is not called:")).count();
      }
    }
    return lines;
  }
}
