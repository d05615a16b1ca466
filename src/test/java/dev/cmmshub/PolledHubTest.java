package dev.cmmshub;

import static dev.cmmshub.TestHub.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.connector.PolledCmms;
import dev.cmmshub.connector.PolledErp;
import dev.cmmshub.connector.PolledOdoo;
import dev.cmmshub.connector.PolledSap;
import dev.cmmshub.message.Json;
import dev.cmmshub.tenant.KeyHash;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Systems that cannot push, from their HTTP server to the canonical object. */
class PolledHubTest {
  private static final Instant FIRST = Instant.parse("2026-03-06T12:00:00Z");

  /** Another one each time: the log is kept. */
  private static final String TENANT = "polled-" + UUID.randomUUID().toString().substring(0, 8);

  private static final String KEY = KeyHash.newKey(new SecureRandom());
  private static final Path LOG = Path.of(System.getProperty("hub.log.file"));
  private static final PolledSap SAP = new PolledSap();
  private static final PolledOdoo ODOO = new PolledOdoo();
  private static final PolledCmms CMMS = new PolledCmms();
  private static TestHub hub;
  private static int hours;

  /** Later than what any test before changed: a system's clock does not go back. */
  private final Instant time = FIRST.plusSeconds(3600L * hours++);

  @BeforeAll
  static void start() throws IOException {
    ODOO.put(99, FIRST.minusSeconds(61));
    Path secret = SecretFile.of(PolledErp.SECRET);
    hub =
        TestHub.with(
            """
              %6$s:
                keys: [{id: k, sha256: "%1$s"}]
                systems:
                  sap:
                    connector: sap-s4hana
                    parameters: {baseUrl: "%3$s", username: HUB, password: "{{file:%2$s}}"}
                    poll: [{resource: workorder, every: 1s, parameters: {limit: 3}}]
                  odoo:
                    connector: odoo
                    parameters: {baseUrl: "%4$s", apiKey: "{{file:%2$s}}", database: acme}
                    poll: [{resource: asset, every: 1s, since: 2026-03-06T11:59:00Z}]
                  cmms:
                    connector: cmms-rest
                    parameters: {baseUrl: "%5$s", apiToken: "{{file:%2$s}}"}
                    poll: [{resource: workorder, every: 1s}]
            """
                .formatted(KeyHash.of(KEY), secret, SAP.url(), ODOO.url(), CMMS.url(), TENANT));
  }

  @AfterAll
  static void stop() {
    hub.close();
    SAP.close();
    ODOO.close();
    CMMS.close();
  }

  /** Numbers or tags of the tenant's objects with their versions. */
  private static Map<String, Long> objects(String entity, String name) {
    Map<String, Long> found = new TreeMap<>();
    String cursor = "";
    while (true) {
      JsonNode page = Json.read(get("/v1/" + entity + "?limit=1000" + cursor));
      for (JsonNode item : page.get("items")) {
        found.put(item.get(name).asText(), item.get("sourceVersion").asLong());
      }
      if (page.get("next").isNull()) {
        return found;
      }
      cursor = "&cursor=" + page.get("next").asText();
    }
  }

  private static byte[] get(String path) {
    return hub.send(HttpRequest.newBuilder(hub.address(path)).header("X-API-Key", KEY).GET())
        .body()
        .getBytes(StandardCharsets.UTF_8);
  }

  private static Long order(String number) {
    return objects("workorder", "number").get(number);
  }

  private static double metric(String name, String... labels) {
    return hub.admin("/q/metrics")
        .lines()
        .filter(line -> line.startsWith(name + '{'))
        .filter(line -> java.util.Arrays.stream(labels).allMatch(line::contains))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  @Test
  void polledRecordsBecomeCanonicalObjectsPageByPage() {
    for (int i = 1; i <= 8; i++) {
      SAP.put("500000" + i, time.plusSeconds(i));
      CMMS.put("WO-" + i, i, time.plusMillis(i));
      ODOO.put(i, time.plusMillis(i));
    }
    assertThat(eventually(() -> order("5000008") != null && order("WO-8") != null)).isTrue();
    assertThat(objects("workorder", "number"))
        .containsKeys("5000001", "5000002", "5000003", "5000004", "5000005", "5000006", "5000007");
    assertThat(order("5000008")).isEqualTo(time.plusSeconds(8).toEpochMilli());
    assertThat(order("WO-8")).isEqualTo(8);
    assertThat(eventually(() -> objects("asset", "tagNumber").containsKey("8"))).isTrue();
    assertThat(objects("asset", "tagNumber")).doesNotContainKey("99");

    SAP.put("5000001", time.plusSeconds(100));
    ODOO.put(1, time.plusSeconds(100));
    assertThat(
            eventually(
                () ->
                    time.plusSeconds(100).toEpochMilli() == order("5000001")
                        && time.plusSeconds(100).toEpochMilli()
                            == objects("asset", "tagNumber").get("1")))
        .isTrue();
  }

  @Test
  void whatWasSentIsNotSentAgain() {
    CMMS.put("WO-once", 1, time);
    assertThat(eventually(() -> order("WO-once") != null)).isTrue();
    double rounds = metric("hub_poll_pages_total", "system=\"cmms\"", "outcome=\"read\"");
    double known = metric("hub_poll_records_total", "system=\"cmms\"", "outcome=\"known\"");
    assertThat(
            eventually(
                () ->
                    metric("hub_poll_pages_total", "system=\"cmms\"", "outcome=\"read\"")
                        >= rounds + 2))
        .isTrue();
    assertThat(metric("hub_poll_records_total", "system=\"cmms\"", "outcome=\"known\""))
        .isGreaterThan(known);
    assertThat(
            metric(
                "hub_events_total",
                "tenant=\"" + TENANT + "\"",
                "system=\"cmms\"",
                "outcome=\"duplicate\""))
        .isZero();
  }

  @Test
  void aRecordThatIsNoEventIsADeadLetterAndThePollGoesOn() {
    SAP.putForeign("6000001", time.plusSeconds(1000));
    SAP.put("6000002", time.plusSeconds(1001));
    assertThat(eventually(() -> order("6000002") != null)).isTrue();
    assertThat(
            eventually(() -> hub.admin("/admin/v1/dead-letters?tenant=" + TENANT).contains("poll")))
        .isTrue();
    String letters = hub.admin("/admin/v1/dead-letters?stage=poll&tenant=" + TENANT);
    assertThat(letters).contains("unknown-event").doesNotContain("6000001");
    editAndReplay(Json.read(letters.getBytes(StandardCharsets.UTF_8)).at("/0/id").asText());
    assertThat(eventually(() -> order("6000001") != null)).as("edited and replayed").isTrue();
    double rounds = metric("hub_poll_pages_total", "system=\"sap\"", "outcome=\"read\"");
    SAP.put("6000003", time.plusSeconds(1002));
    assertThat(eventually(() -> order("6000003") != null)).isTrue();
    assertThat(
            eventually(
                () ->
                    metric("hub_poll_pages_total", "system=\"sap\"", "outcome=\"read\"")
                        > rounds + 1))
        .isTrue();
    assertThat(metric("hub_poll_records_total", "system=\"sap\"", "outcome=\"unrecognised\""))
        .isEqualTo(1);
  }

  @Test
  void aSystemThatIsDownIsAskedLessAndLessOftenAndToldOfOnce() throws IOException {
    CMMS.put("WO-before", 1, time);
    assertThat(eventually(() -> order("WO-before") != null)).isTrue();
    CMMS.answer(500);
    assertThat(eventually(() -> metric("hub_poll_failures", "system=\"cmms\"") >= 3)).isTrue();
    int asked = CMMS.asked().size();
    CMMS.put("WO-meanwhile", 1, time.plusSeconds(1));
    SAP.put("7000001", time);
    assertThat(eventually(() -> order("7000001") != null)).as("others go on").isTrue();
    CMMS.answer(200);
    assertThat(eventually(() -> order("WO-meanwhile") != null)).isTrue();
    assertThat(CMMS.asked().size() - asked).as("asked meanwhile").isLessThan(6);
    assertThat(eventually(() -> metric("hub_poll_failures", "system=\"cmms\"") == 0)).isTrue();
    assertThat(metric("hub_poll_pages_total", "system=\"cmms\"", "outcome=\"failed\""))
        .isGreaterThanOrEqualTo(3);
    List<String> lines = Files.readAllLines(LOG).stream().filter(l -> l.contains("cmms")).toList();
    assertThat(lines)
        .filteredOn(line -> line.contains("Poll " + TENANT + ".cmms.workorder fails"))
        .singleElement(STRING)
        .contains("the system answered 500");
    assertThat(lines)
        .filteredOn(line -> line.contains("Poll " + TENANT + ".cmms.workorder works again"))
        .hasSize(1);
    assertThat(Files.readAllLines(LOG))
        .noneMatch(line -> line.contains(CMMS.url() + "/api") && line.contains("updatedSince"));
  }

  @Test
  void aDisabledSystemIsNotAskedAndAnEnabledOneIsFromWhereItWas() throws IOException {
    ODOO.put(50, time);
    assertThat(eventually(() -> objects("asset", "tagNumber").containsKey("50"))).isTrue();
    String yaml = Files.readString(hub.tenantsFile());
    String gauge = "hub_poll_failures{resource=\"asset\"";
    Files.writeString(
        hub.tenantsFile(),
        yaml.replace(
            "connector: odoo\n        ", "connector: odoo\n        enabled: false\n        "));
    assertThat(eventually(() -> !hub.admin("/q/metrics").contains(gauge))).isTrue();
    int asked = ODOO.asked().size();
    ODOO.put(51, time.plusSeconds(1));
    double rounds = metric("hub_poll_pages_total", "system=\"sap\"");
    assertThat(eventually(() -> metric("hub_poll_pages_total", "system=\"sap\"") > rounds + 2))
        .isTrue();
    assertThat(ODOO.asked()).hasSize(asked);
    Files.writeString(hub.tenantsFile(), yaml);
    assertThat(eventually(() -> objects("asset", "tagNumber").containsKey("51"))).isTrue();
    assertThat(ODOO.asked().get(asked)).contains(time.minusSeconds(5).toString().substring(11, 19));
  }

  @Test
  void noLogShowsASecret() throws IOException {
    String log = Files.readString(LOG);
    assertThat(log).contains("cmms-hub");
    for (int length : new int[] {8, 15}) {
      assertThat(log).doesNotContain(PolledErp.SECRET.substring(0, length));
    }
    assertThat(log)
        .doesNotContain(
            Base64.getEncoder()
                .encodeToString(("HUB:" + PolledErp.SECRET).getBytes(StandardCharsets.UTF_8)));
  }

  private static void editAndReplay(String letter) {
    String path = "/admin/v1/dead-letters/" + letter;
    String payload = hub.admin(path + "/payload");
    assertThat(payload).contains("MaintenanceOrderOperation");
    HttpResponse<String> edited =
        hub.send(
            hub.adminRequest(TestAdmins.OPERATOR, path + "/payload")
                .header("If-Match", "0")
                .PUT(
                    HttpRequest.BodyPublishers.ofString(
                        payload.replace("MaintenanceOrderOperation", "Unused"))));
    assertThat(edited.statusCode()).as(edited.body()).isEqualTo(200);
    HttpResponse<String> replayed =
        hub.send(
            hub.adminRequest(TestAdmins.OPERATOR, path + "/replay")
                .POST(HttpRequest.BodyPublishers.noBody()));
    assertThat(replayed.statusCode()).as(replayed.body()).isEqualTo(200);
  }

  @Test
  void whatTheSystemNamesSteersNothing() {
    ODOO.put(77, time.plusSeconds(1));
    assertThat(eventually(() -> objects("asset", "tagNumber").containsKey("77"))).isTrue();
    assertThat(hub.topics()).doesNotContain("elsewhere");
  }
}
