package dev.cmmshub.cli;

import static dev.cmmshub.TestHub.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.Hooks;
import dev.cmmshub.RedisConnection;
import dev.cmmshub.SecretFile;
import dev.cmmshub.TestAdmins;
import dev.cmmshub.TestHub;
import dev.cmmshub.message.Json;
import dev.cmmshub.observe.Nodes;
import dev.cmmshub.tenant.KeyHash;
import dev.cmmshub.tenant.Tenants;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Another version of tenants.yaml is planned, applied and taken back, against a real hub. */
class ApplyCommandTest {
  private static final String KEY = "test-" + UUID.randomUUID();
  private static final String TENANT =
      """
        quay:
          retry: {schedule: [1h], maxAge: 2h}
          keys: [{id: test, sha256: "%s"}]
          systems: {sap: {connector: sap-s4hana}}
          subscriptions: [{to: "%s", events: ["*"], secret: "{{file:%s}}"}]
      """;

  private static Hooks hooks;
  private static TestHub hub;
  private String out;
  private String err;

  @BeforeAll
  static void start() throws IOException {
    hooks = new Hooks();
    Path secret = SecretFile.of("whsec_c2VjcmV0");
    secret.toFile().deleteOnExit();
    hub = TestHub.with(TENANT.formatted(KeyHash.of(KEY), hooks.address("/quay"), secret));
  }

  @AfterAll
  static void stop() {
    hub.close();
    hooks.close();
  }

  private int run(String... words) {
    StringWriter written = new StringWriter();
    StringWriter complaints = new StringWriter();
    String[] all =
        Stream.concat(
                Stream.of(words),
                Stream.of(
                    "--admin=" + hub.adminAddress(""),
                    "--key-file=" + hub.admins().keyFile(TestAdmins.ADMIN)))
            .toArray(String[]::new);
    int status =
        HubCommand.commandLine()
            .setOut(new PrintWriter(written, true))
            .setErr(new PrintWriter(complaints, true))
            .execute(all);
    out = written.toString();
    err = complaints.toString();
    return status;
  }

  /** The file as it is, changed, beside it. */
  private static String next(String regex, String replacement) throws IOException {
    String text = Files.readString(hub.tenantsFile());
    assertThat(text).containsPattern(regex);
    return Files.writeString(
            hub.tenantsFile().resolveSibling("next.yaml"), text.replaceFirst(regex, replacement))
        .toString();
  }

  private static void publish(String number) throws IOException {
    String sample =
        Files.readString(Path.of("connectors/sap-s4hana/samples/workorder.from-erp.released.json"));
    String old =
        Json.read(sample.getBytes(StandardCharsets.UTF_8)).at("/d/MaintenanceOrder").asText();
    assertThat(
            hub.send(
                    HttpRequest.newBuilder(hub.address("/v1/events/sap"))
                        .header("X-API-Key", KEY)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(sample.replace(old, number))))
                .statusCode())
        .isEqualTo(202);
  }

  @Test
  void aPlanTellsWhatItConcernsAndChangesNothing() throws IOException {
    hooks.answer(one -> 503);
    for (int i = 0; i < 3; i++) {
      publish("400000" + i);
    }
    String planned = next("(?s)(quay:.*?)events: \\[\"\\*\"\\]", "$1events: [workorder.*]");
    Files.writeString(
        Path.of(planned),
        Files.readString(Path.of(planned))
            .replaceFirst(
                "odoo: \\{connector: odoo\\}", "odoo: {connector: odoo, enabled: false}"));
    String before = hub.tenants().version();
    assertThat(
            eventually(
                () -> {
                  assertThat(run("plan", planned, "--json")).as(err).isZero();
                  return concerned("quay").path("parked").asInt() == 3;
                }))
        .as(out)
        .isTrue();
    JsonNode plan = Json.read(out.getBytes(StandardCharsets.UTF_8));
    assertThat(plan.get("inUse").asText()).isEqualTo(before);
    assertThat(plan.get("changes").findValuesAsText("tenant")).containsExactly("quay", "river");
    assertThat(plan.get("changes").findValuesAsText("action")).containsExactly("changes", "stops");
    assertThat(run("plan", planned)).isZero();
    assertThat(out)
        .contains("events [*] -> [workorder.*]", "enabled: true -> false", "PARKED")
        .contains("0 to start (+), 1 to stop (-), 1 to change (~)")
        .doesNotContain("\u001b");
    assertThat(hub.tenants().version()).isEqualTo(before);
  }

  private JsonNode concerned(String tenant) {
    for (JsonNode one : Json.read(out.getBytes(StandardCharsets.UTF_8)).get("concerned")) {
      if (one.get("tenant").asText().equals(tenant)) {
        return one;
      }
    }
    return Json.mapper().createObjectNode();
  }

  @Test
  void whatIsAppliedIsInUseOnEveryNodeAndCanBeTakenBack() throws IOException {
    String before = Files.readString(hub.tenantsFile());
    String file = next("odoo: \\{connector: odoo\\}", "odoo: {connector: odoo, enabled: false}");
    assertThat(run("apply", file, "--yes")).as(err).isZero();
    assertThat(out).contains("is in use on 1 of 1 nodes");
    assertThat(hub.tenants().byId("river").orElseThrow().systems().get("odoo").enabled()).isFalse();
    assertThat(Files.readString(hub.tenantsFile())).isEqualTo(Files.readString(Path.of(file)));

    String target = "tenants.yaml@" + hub.tenants().version();
    assertThat(run("audit", "list", "--tenant", "river", "--target", target)).isZero();
    assertThat(out).contains(TestAdmins.ADMIN, "configuration-applied", target);
    assertThat(run("audit", "list", "--tenant", "north", "--target", target)).isZero();
    assertThat(out).as("a tenant it does not concern").contains("Nothing yet");

    assertThat(run("apply", "--rollback", "--yes", "--json")).as(err).isZero();
    assertThat(Json.read(out.getBytes(StandardCharsets.UTF_8)).get("applied").asBoolean()).isTrue();
    assertThat(Files.readString(hub.tenantsFile())).isEqualTo(before);
    assertThat(hub.tenants().byId("river").orElseThrow().systems().get("odoo").enabled()).isTrue();
  }

  @Test
  void aNodeThatDoesNotFollowIsNamed() throws IOException {
    Tenants old = new Tenants(List.of(), Map.of(), "0123456789abcdef");
    try (RedisConnection redis = new RedisConnection(hub.backends());
        Nodes other = new Nodes(redis.template(), "hub", "lagging", () -> old)) {
      other.start();
      assertThat(eventually(() -> hub.admin("/admin/v1/config").contains("lagging"))).isTrue();
      String file = next("maxAge: 1h", "maxAge: 90m");
      assertThat(run("apply", file, "--yes", "--timeout", "2")).isEqualTo(1);
      assertThat(out).contains("1 of the nodes did not take", "lagging 0123456789abcdef");
    }
    assertThat(run("apply", "--rollback", "--yes")).as(out + err).isZero();
  }

  @Test
  void whatIsWrongIsToldAndNothingChanges() throws IOException {
    String before = Files.readString(hub.tenantsFile());
    String file = next("odoo: \\{connector: odoo\\}", "odoo: {conector: odoo}");
    for (String command : List.of("plan", "apply")) {
      assertThat(run(command, file)).isEqualTo(1);
      assertThat(err).contains(file + ":", "did you mean connector?");
    }
    String unknownShard = next("shard: b", "shard: z");
    assertThat(run("plan", unknownShard)).isEqualTo(1);
    assertThat(err).contains("z");
    assertThat(run("apply", next("maxAge: 1h", "maxAge: 2h"))).isEqualTo(2);
    assertThat(err).contains("--yes");
    assertThat(run("apply")).isEqualTo(2);
    assertThat(run("apply", file, "--rollback")).isEqualTo(2);
    assertThat(run("plan", "none.yaml")).isEqualTo(1);
    assertThat(err).contains("none.yaml");
    assertThat(Files.readString(hub.tenantsFile())).isEqualTo(before);
  }

  @Test
  void aPlanNamesALimitBelowWhatWasUsed() throws IOException {
    hooks.answer(one -> 200);
    for (int i = 0; i < 4; i++) {
      publish("410000" + i);
    }
    String lower =
        next("(  quay:\n)", "$1    limits: {requestsPerSecond: 1000, maxBody: 100, inFlight: 1}\n");
    // The second in which they came has to be over.
    assertThat(
            eventually(
                () -> {
                  assertThat(run("plan", lower, "--json")).as(err).isZero();
                  // The change itself names the limit, too.
                  return !Json.read(out.getBytes(StandardCharsets.UTF_8)).get("warnings").isEmpty();
                }))
        .as(out)
        .isTrue();
    JsonNode warnings = Json.read(out.getBytes(StandardCharsets.UTF_8)).get("warnings");
    assertThat(warnings.findValuesAsText("tenant")).containsOnly("quay");
    assertThat(warnings.findValuesAsText("limit"))
        .contains("maxBody")
        .doesNotContain("requestsPerSecond", "bytesPerSecond");
    assertThat(run("plan", lower)).isZero();
    assertThat(out)
        .containsPattern(
            "quay: limit maxBody 100 is below the peak of [0-9]+ in the last hour: would refuse");
  }

  @Test
  void aPlanOfAnImpossibleNameIsRefused() throws IOException {
    var answer =
        hub.send(
            hub.adminRequest(TestAdmins.ADMIN, "/admin/v1/config/plan?name=%00")
                .POST(HttpRequest.BodyPublishers.ofString("tenants: {}\n")));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body()).contains("expected a text without the character U+0000");
  }

  @Test
  void whatChangedSinceThePlanIsNotOverwritten() throws IOException {
    String file = next("maxAge: 1h", "maxAge: 3h");
    HttpRequest.Builder stale =
        hub.adminRequest(TestAdmins.ADMIN, "/admin/v1/config")
            .header("If-Match", "\"0000000000000000\"")
            .PUT(HttpRequest.BodyPublishers.ofFile(Path.of(file)));
    var answer = hub.send(stale);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(409);
    assertThat(answer.body()).contains("changed-meanwhile", "plan again");
  }
}
