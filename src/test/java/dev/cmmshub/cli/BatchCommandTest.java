package dev.cmmshub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.SecretFile;
import dev.cmmshub.TestAdmins;
import dev.cmmshub.TestHub;
import dev.cmmshub.connector.PolledCmms;
import dev.cmmshub.connector.PolledErp;
import dev.cmmshub.message.Json;
import dev.cmmshub.tenant.KeyHash;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code ./hub batch} and {@code GET /v1/batch} of a hub that runs. */
class BatchCommandTest {
  private static final String TENANTS =
      """
        pier:
          keys: [{id: airflow, sha256: "%3$s", can: [bulk]}]
          systems:
            cmms: {connector: cmms-rest, parameters: {baseUrl: "%1$s", apiToken: "{{file:%2$s}}"}}
            away: {connector: cmms-rest, enabled: false, parameters: {baseUrl: "http://away.example", apiToken: "{{file:%2$s}}"}}
          batch:
            - {id: orders, system: cmms, entities: [workorder], schedule: "0 0 1 1 *", timezone: Asia/Tokyo, window: "22:00-06:00"}
            - {id: papers, system: cmms, entities: [purchasedocument], schedule: "0 1 1 1 *", by: airflow}
            - {id: others, system: away, entities: [workorder], schedule: "0 2 * * *"}
      """;

  private static final String KEY = KeyHash.newKey(new SecureRandom());
  private static final PolledCmms CMMS = new PolledCmms();
  private static TestHub hub;

  @BeforeAll
  static void start() throws IOException {
    CMMS.put("4711", 1, Instant.parse("2026-03-01T12:00:00Z"));
    CMMS.put("4712", 1, Instant.parse("2026-03-02T12:00:00Z"));
    Path secret = SecretFile.of(PolledErp.SECRET);
    hub = TestHub.with(TENANTS.formatted(CMMS.url(), secret, KeyHash.of(KEY)));
  }

  @AfterAll
  static void stop() {
    hub.close();
    CMMS.close();
  }

  private static Mill.Said run(String admin, String... words) {
    String[] all = new String[words.length + 1];
    all[0] = "batch";
    System.arraycopy(words, 0, all, 1, words.length);
    return Mill.runAt(hub, admin, all);
  }

  @Test
  void theScheduleTellsWhatComesNextAndAnOperatorBeginsOneNow() {
    assertThat(run(TestAdmins.VIEWER, "schedule", "--tenant", "pier").out().lines())
        .map(line -> line.replaceAll(" +", " ").strip())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("LOAD SYSTEM SCHEDULE BY NEXT LAST STATE WHY"),
            line ->
                assertThat(line)
                    .matches("pier/orders cmms 0 0 1 1 \\* hub \\d{4}-01-01 00:00 Asia/Tokyo.*"),
            line -> assertThat(line).startsWith("pier/others away 0 2 * * * hub off"),
            line ->
                assertThat(line)
                    .matches("pier/papers cmms 0 1 1 1 \\* airflow \\d{4}-01-01 01:00 UTC"));

    assertThat(run(TestAdmins.VIEWER, "run", "pier/orders").err()).contains("this needs operator");
    Mill.Said begun =
        run(TestAdmins.OPERATOR, "run", "pier/orders", "--date", "2026-03-06", "--json");
    assertThat(begun.status()).as(begun.err()).isZero();
    assertThat(begun.json().get("time").asText()).isEqualTo("2026-03-05T15:00:00Z");
    assertThat(TestHub.eventually(() -> load().at("/lastRun/state").asText().equals("done")))
        .as("%s", load())
        .isTrue();
    assertThat(load().at("/lastRun/byHand").asBoolean()).isTrue();
    assertThat(load().at("/lastRun/jobs")).hasSize(1);
    assertThat(load().get("lastSuccess").asText()).isEqualTo("2026-03-05T15:00:00Z");
    String job = load().at("/lastRun/jobs/0").asText();
    JsonNode rows = asTenant("/v1/jobs/" + job).get("rows");
    assertThat(rows.get("applied").asInt() + rows.get("queued").asInt())
        .as("%s", rows)
        .isEqualTo(2);
    assertThat(
            TestHub.eventually(
                () -> hub.admin("/q/metrics").lines().anyMatch(BatchCommandTest::isDone)))
        .isTrue();
    assertThat(Mill.runAt(hub, TestAdmins.VIEWER, "audit", "list", "--tenant", "pier").out())
        .contains("began")
        .contains("batch@orders");
  }

  private static boolean isDone(String line) {
    return line.startsWith("hub_batch_runs_total{")
        && line.contains("definition=\"orders\"")
        && line.contains("outcome=\"done\"")
        && line.endsWith(" 1.0");
  }

  private static JsonNode load() {
    return run(TestAdmins.VIEWER, "schedule", "--tenant", "pier", "--json").json().get(0);
  }

  private static JsonNode asTenant(String path) {
    HttpResponse<String> answer =
        hub.send(HttpRequest.newBuilder(hub.address(path)).header("X-API-Key", KEY).GET());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Json.read(answer.body().getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void whoRunsSomeElsewhereIsToldOfAll() {
    JsonNode definitions = asTenant("/v1/batch").get("definitions");
    assertThat(definitions.findValuesAsText("id")).containsExactly("orders", "others", "papers");
    assertThat(definitions.get(0))
        .isEqualTo(
            Json.read(
                """
                {"id": "orders", "tenant": "pier", "system": "cmms", "connector": "cmms-rest",
                 "entities": ["workorder"], "schedule": "0 0 1 1 *", "timezone": "Asia/Tokyo",
                 "window": "22:00-06:00", "since": "last", "after": [], "by": "hub",
                 "enabled": true, "pool": "pier.cmms", "slots": 1}
                """
                    .getBytes(StandardCharsets.UTF_8)));
    assertThat(definitions.get(1).get("enabled").asBoolean()).isFalse();
  }

  @Test
  void whatCannotBeginIsToldWhy() {
    assertThat(run(TestAdmins.OPERATOR, "run", "pier/order").err())
        .contains("has no load 'order'")
        .contains("did you mean orders?");
    assertThat(run(TestAdmins.OPERATOR, "run", "nobody/orders").err())
        .contains("'nobody' is not in tenants.yaml");
    assertThat(run(TestAdmins.OPERATOR, "run", "pier/papers").err())
        .contains("run by airflow: begin it there");
    assertThat(run(TestAdmins.OPERATOR, "run", "pier/others").err()).contains("is disabled");
    LocalDate tomorrow = LocalDate.now(ZoneId.of("Asia/Tokyo")).plusDays(1);
    assertThat(run(TestAdmins.OPERATOR, "run", "pier/orders", "--date", tomorrow.toString()).err())
        .contains("still to come");
    assertThat(run(TestAdmins.OPERATOR, "run", "orders").err()).contains("acme/parts-nightly");
    assertThat(run(TestAdmins.VIEWER, "schedule", "--tenant", "nobody").status()).isEqualTo(2);
  }
}
