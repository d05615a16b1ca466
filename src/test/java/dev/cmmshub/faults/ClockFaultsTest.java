package dev.cmmshub.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.standardwebhooks.Webhook;
import dev.cmmshub.tenant.KeyHash;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The wall clock of the hub's machine is put forward and back by an hour. */
@Tag("faults")
class ClockFaultsTest {
  private static final String TOKEN = "token-of-a-system-that-signs";

  @RegisterExtension static final FaultServers SERVERS = FaultServers.steady();

  /** How many failures are safe in the shards, and on their way no more. */
  private static int parked(FaultBench bench) throws SQLException {
    return Shelves.column(bench.servers.shards(), "SELECT event_id FROM parked").size();
  }

  private static void send(FaultBench bench, String name, int count) {
    for (int i = 0; i < count; i++) {
      bench.client.send(
          new WorkOrder(bench.tenant("north"), name + i, WorkOrder.FIRST_VERSION, false));
    }
  }

  /**
   * What a system that signs in time by its own clock is answered: 401 when the hub's clock is off,
   * else 422, since what it sends is no event.
   */
  private static int signed(FaultBench bench) throws Exception {
    String body = "{}";
    Instant now = Instant.now();
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + bench.hub.port() + "/v1/hooks/" + TOKEN))
            .header("webhook-id", "msg_1")
            .header("webhook-timestamp", Long.toString(now.getEpochSecond()))
            .header(
                "webhook-signature",
                new Webhook(bench.hookSecret()).sign("msg_1", now.getEpochSecond(), body))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return HttpClient.newHttpClient()
        .send(request, HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  @Test
  void pausesStayAndSignaturesAreRefused(@TempDir Path folder) throws Exception {
    FakeClock clock = new FakeClock(folder.resolve("clock"));
    FaultBench bench = SERVERS.bench("f12", new HashMap<>(clock.environment()));
    bench.hooks.verifyWith(bench.hookSecret());
    try (BadReceiver failing = new BadReceiver()) {
      bench.tenants.subscribe(bench.tenant("river"), List.of(failing.address("/failing")));
      bench.tenants.edit(
          bench.tenant("north"),
          "systems: \\{",
          "systems: {cmms: {connector: cmms-rest, hook: {token: \""
              + KeyHash.of(TOKEN)
              + "\", secrets: [\"{{env:HOOK_SECRET}}\"]}}, ");
      bench.hub.start();
      assertThat(signed(bench)).isEqualTo(422);
      send(bench, "TRUE", 20);
      FaultServers.await(() -> bench.receipts.seen().size() == 20);
      int before = bench.hooks.unsigned();

      bench.client.send(new WorkOrder(bench.tenant("river"), "R", WorkOrder.FIRST_VERSION, false));
      FaultServers.await(() -> parked(bench) == 1);
      clock.set(Duration.ofHours(-1));
      assertThat(signed(bench)).isEqualTo(401);
      send(bench, "BEHIND", 20);
      FaultServers.await(() -> failing.times("/failing") == 3);
      FaultServers.await(() -> bench.hooks.unsigned() >= 20);
      clock.set(Duration.ofHours(1));
      assertThat(signed(bench)).isEqualTo(401);
      send(bench, "AHEAD", 20);
      FaultServers.await(() -> failing.times("/failing") == 4);
      FaultServers.await(() -> bench.hooks.unsigned() >= 40);
      int refused = bench.hooks.unsigned();
      // What is replayed below comes there again.
      List<Double> pauses = failing.pauses("/failing");
      // Kafka's clients that connected at a later time than now would wait for that to come.
      bench.hub.kill();
      clock.set(Duration.ZERO);
      bench.hub.start();
      assertThat(signed(bench)).isEqualTo(422);

      HttpResponse<String> replayed =
          bench.hub.operate(
              "ann",
              "POST",
              "/admin/v1/dead-letters/replay?errorClass=status&confirm=true",
              "*",
              new byte[0]);
      assertThat(replayed.statusCode()).as(replayed.body()).isEqualTo(200);
      Findings findings =
          bench.assertClean(
              "fault 12: clock put back and forward by an hour, pauses %s s, %d signatures refused"
                  .formatted(pauses, refused));
      assertThat(before).isZero();
      assertThat(refused).isGreaterThanOrEqualTo(40);
      AnswerFaultsTest.assertOnSchedule(pauses);
      assertThat(findings.count(Fate.APPLIED)).isEqualTo(61);
    }
  }
}
