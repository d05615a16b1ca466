package dev.cmmshub.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.dashboards.DashboardPages;
import dev.cmmshub.dashboards.PrometheusServer;
import dev.cmmshub.embedded.PostgresAddress;
import dev.cmmshub.gateway.tls.Authority;
import dev.cmmshub.message.Json;
import dev.cmmshub.tenant.KeyHash;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each alert is caused for real and seen firing, in a real Prometheus with the rules of {@code
 * docker/prometheus}, whose {@code for: Xm} are X seconds here.
 */
@Tag("faults")
class FireDrillsTest {
  @RegisterExtension static final FaultServers SERVERS = FaultServers.killable();

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int BATCH = 500;

  @TempDir static Path folder;

  private final HttpClient http = HttpClient.newHttpClient();
  private final Set<String> fired = new TreeSet<>();
  private final Instant begin = Instant.now();
  private FaultBench bench;
  private HubProcess other;
  private PrometheusServer prometheus;
  private long overdue;
  private long versions = WorkOrder.FIRST_VERSION;

  @Test
  void everyAlertFiresWhenItsFaultIsThere() throws Exception {
    assumeTrue(PrometheusServer.isInstalled(), "prometheus is not installed: no alert was caused");
    bench = SERVERS.start("drills", Map.of());
    bench.tenants.edit(tenant("harbor"), "shard: a", "shard: a\n    limits: {backlog: 100000}");
    bench.tenants.edit(
        tenant("river"),
        "systems:",
        "flows: [{from: sap, entity: workorder, within: 1m}]\n    systems:");
    long silence = System.nanoTime();
    certificateEnds();
    nodeEnds();
    filesAndKeys();
    deadLetters();
    refusals();
    receivers();
    await("HubFlowSilent", silence, "nothing of a system is applied, what comes fits no schema");
    await("HubBatchOverdue", overdue, "nobody listens where a load reads each minute");
    redisIsAway();
    shardIsAway();
    brokerIsAway();
    new DashboardPages(prometheus, begin, Instant.now()).write(Path.of("target/dashboards/drills"));
    assertThat(fired).isEqualTo(alerts());
  }

  /** Another node, whose certificate holds for a week. */
  private void certificateEnds() throws Exception {
    Authority authority = new Authority(folder, "drills");
    authority.issue("node", "EC", 7);
    bench.configure("HUB_HTTP_TLS_CERTIFICATE", folder.resolve("node.crt").toString());
    bench.configure("HUB_HTTP_TLS_KEY", folder.resolve("node.key").toString());
    other = bench.another("tls");
    long cause = System.nanoTime();
    other.launch();
    prometheus =
        new PrometheusServer(
            folder.resolve("prometheus"),
            List.of(bench.hub.adminPort(), other.adminPort()),
            rules ->
                rules
                    .replaceAll("for: (\\d+)m", "for: $1s")
                    .replace("for: 30s", "for: 1s")
                    .replace("seconds > 300", "seconds > 20")
                    .replace("> 6 * 3600", "> 20"));
    await("HubCertificateExpires", cause, "a node with a certificate for a week starts");
  }

  private void nodeEnds() throws Exception {
    FaultServers.await(() -> !prometheus.firing().containsKey("HubDown"));
    long cause = System.nanoTime();
    other.kill();
    await("HubDown", cause, "a node is killed");
  }

  private void filesAndKeys() throws Exception {
    long cause = System.nanoTime();
    bench.tenants.edit(
        tenant("river"),
        "keys: \\[",
        "keys: [{id: ends, sha256: \"%s\", expires: \"%s\"}, "
            .formatted(KeyHash.of("hub_drill"), Instant.now().plus(Duration.ofDays(3))));
    bench.tenants.edit(
        tenant("river"),
        "systems: \\{",
        "systems: {cmms: {connector: cmms-rest, parameters: {baseUrl: \"http://127.0.0.1:9\","
            + " apiToken: \"{{env:HOOK_SECRET}}\"}, poll: [{resource: workorder, every: 1m}]}, ");
    await("HubKeyExpires", cause, "tenants.yaml gets a key that ends in 3 days");
    await("HubPollFails", cause, "a system is polled where nobody listens");
    bench.tenants.edit(
        tenant("river"),
        "keys: \\[",
        "batch: [{id: orders, system: cmms, entities: [workorder], schedule: '* * * * *'}]\n"
            + "    keys: [");
    overdue = System.nanoTime();
    String good = bench.tenants.text();
    cause = System.nanoTime();
    bench.tenants.put(good.replaceFirst("keys:", "kees:"));
    await("HubConfigurationBroken", cause, "tenants.yaml has a typing error");
    bench.tenants.put(good);
    FaultServers.await(() -> bench.metric("hub_tenants_valid") == 1);
  }

  private void deadLetters() throws Exception {
    long cause = System.nanoTime();
    post("river", 150, true);
    await("HubDeadLetters", cause, "150 events do not fit the schema");
    await("HubDeadLetterSurge", cause, "150 events do not fit the schema");
  }

  private void refusals() throws Exception {
    long cause = System.nanoTime();
    for (int i = 0; i < 40; i++) {
      String key = bench.keys.get(tenant("north"));
      bench.hub.post("/v1/events/sap", key, "application/json", "{".getBytes(UTF_8));
      http.send(
          HttpRequest.newBuilder(
                  URI.create(
                      "http://127.0.0.1:" + bench.hub.adminPort() + "/admin/v1/dead-letters"))
              .build(),
          HttpResponse.BodyHandlers.discarding());
      // Of a counter that is at its end when it is scraped first, no rate is known.
      FaultServers.pause(100);
    }
    await("HubAdminRejects", cause, "40 requests to the administration port have no key");
    await("HubRejects", cause, "40 posts are no JSON");
  }

  private void receivers() throws Exception {
    String gone = tenant("north");
    bench.hooks.answerBy(
        (exchange, order) -> {
          boolean isGone = exchange.getRequestURI().getPath().endsWith(gone);
          HookReceiver.answer(exchange, isGone ? 410 : 503);
          return true;
        });
    long cause = System.nanoTime();
    post("north", 1, false);
    post("harbor", 60, false);
    await("HubSubscriptionGone", cause, "a webhook answers 410");
    await("HubBreakerOpen", cause, "a webhook answers 503");
    long aged = System.nanoTime();
    age();
    await("HubParkedLong", aged, "what is parked is put back by two hours in the shard");
    bench.hooks.setDown(false);
    await("HubSlow", cause, "a webhook answers 503 and is back");
  }

  private void redisIsAway() throws Exception {
    long cause = System.nanoTime();
    SERVERS.backends().redis.kill();
    await("HubThrottleLocal", cause, "Redis is killed");
    SERVERS.backends().redis.start();
  }

  private void shardIsAway() throws Exception {
    long cause = System.nanoTime();
    SERVERS.backends().shardA.kill();
    await("HubShardDown", cause, "shard a is killed");
    cause = System.nanoTime();
    post("harbor", 11_000, false);
    await("HubLag", cause, "shard a is away, 11,000 events come");
    await("HubLagOld", cause, "shard a is away, 300 s are 20 s here");
    SERVERS.backends().shardA.start();
  }

  private void brokerIsAway() throws Exception {
    long cause = System.nanoTime();
    SERVERS.backends().kafka.kill();
    await("HubBrokerDown", cause, "Kafka is killed");
  }

  private void await(String alert, long cause, String what) throws Exception {
    long begun = System.nanoTime();
    while (!prometheus.firing().containsKey(alert)) {
      if (System.nanoTime() - begun > PATIENCE.toNanos()) {
        throw new AssertionError(
            alert + " does not fire after " + what + "; these do: " + prometheus.firing().keySet());
      }
      FaultServers.pause(100);
    }
    System.out.printf(
        "fault drill %s: fired after %.1f s (%s; for: Xm was X s)%n",
        alert, (System.nanoTime() - cause) / 1e9, what);
    assertThat(fired.add(alert)).isTrue();
  }

  /** New work orders, in batches of CloudEvents. */
  private void post(String tenant, int count, boolean poison) throws IOException {
    for (int sent = 0; sent < count; sent += BATCH) {
      ArrayNode batch = Json.mapper().createArrayNode();
      for (int i = sent; i < Math.min(count, sent + BATCH); i++) {
        versions++;
        WorkOrder order = new WorkOrder(tenant(tenant), "D" + versions, versions, poison);
        ObjectNode event = batch.addObject();
        event.put("specversion", "1.0").put("id", "d" + versions).put("source", "/drill");
        event.put("type", "drill").set("data", Json.read(order.body()));
      }
      HttpResponse<String> answer =
          bench.hub.post(
              "/v2/events/sap",
              bench.keys.get(tenant(tenant)),
              "application/cloudevents-batch+json",
              Json.write(batch));
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    }
  }

  private String tenant(String name) {
    return bench.tenant(name);
  }

  /** Nothing in a test waits for an hour. */
  private void age() throws SQLException {
    PostgresAddress shard = bench.servers.shards().get(0);
    try (Connection connection =
            DriverManager.getConnection(shard.jdbcUrl(), shard.adminUser(), shard.adminPassword());
        Statement statement = connection.createStatement()) {
      assertThat(
              statement.executeUpdate(
                  "UPDATE parked SET first_failed_at = first_failed_at - interval '2 hours'"))
          .isPositive();
    }
  }

  private static Set<String> alerts() throws IOException {
    return Pattern.compile("- alert: (\\w+)")
        .matcher(Files.readString(Path.of("docker/prometheus/rules.yml")))
        .results()
        .map(match -> match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @AfterEach
  void stop() {
    if (other != null) {
      other.close();
    }
    if (prometheus != null) {
      prometheus.close();
    }
  }
}
