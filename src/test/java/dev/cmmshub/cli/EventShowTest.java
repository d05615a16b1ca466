package dev.cmmshub.cli;

import static dev.cmmshub.TestHub.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.TestAdmins;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What {@code ./hub event show} and {@code GET /v1/events/{id}} tell of an event's whole way. */
class EventShowTest {
  private static Mill mill;

  @BeforeAll
  static void start() {
    mill = new Mill();
  }

  @AfterAll
  static void stop() {
    mill.close();
  }

  private static JsonNode show(String... words) {
    String[] all = new String[words.length + 3];
    all[0] = "event";
    all[1] = "show";
    all[2] = "--json";
    System.arraycopy(words, 0, all, 3, words.length);
    Mill.Said said = mill.runAs(TestAdmins.VIEWER, all);
    assertThat(said.status()).as(said.err()).isZero();
    return said.json();
  }

  private static JsonNode step(JsonNode passport, String name) {
    for (JsonNode step : passport.get("steps")) {
      if (step.get("step").asText().equals(name)) {
        return step;
      }
    }
    throw new AssertionError("no step " + name + " in " + passport);
  }

  private static String stored(String tenant, byte[] order) {
    String id = mill.post(tenant, order);
    isStored(tenant, id);
    return id;
  }

  private static void isStored(String tenant, String id) {
    assertThat(eventually(() -> !mill.status(tenant, id).matches("|accepted"))).isTrue();
  }

  /** Posts a work order as a CloudEvent that something led to. */
  private static String caused(String tenant, String number, String cause, String correlation) {
    HttpRequest.Builder request =
        mill.request(tenant, "/v2/events/sap")
            .header("Content-Type", "application/json")
            .header("ce-specversion", "1.0")
            .header("ce-id", UUID.randomUUID().toString())
            .header("ce-source", "/erp")
            .header("ce-type", "com.example.order")
            .header("ce-causationid", cause)
            .POST(HttpRequest.BodyPublishers.ofByteArray(Mill.order(number, "2")));
    if (correlation != null) {
      request.header("ce-correlationid", correlation);
    }
    HttpResponse<String> answer = mill.hub().send(request);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    String id = Mill.json(answer.body()).get("id").asText();
    isStored(tenant, id);
    return id;
  }

  @Test
  void anEventThatFailedWasEditedAndReplayedTellsAllOfIt() throws IOException {
    String number = Mill.number();
    String id = mill.dead("mill", number);
    assertThat(step(show(id), "dead-lettered").get("errorClass").asText()).isEqualTo("mapping");
    Path edited = Files.write(mill.folder().resolve(number + ".json"), Mill.order(number, "2"));
    assertThat(mill.run("dead-letter", "edit", id, "--file=" + edited).status()).isZero();
    assertThat(mill.run("dead-letter", "replay", id).status()).isZero();
    assertThat(eventually(() -> mill.status("mill", id).equals("applied"))).isTrue();

    JsonNode passport = show(id);
    assertThat(passport.get("steps").findValuesAsText("step"))
        .containsExactly("accepted", "failed", "edited", "replayed", "mapped", "applied");
    assertThat(passport.get("received").get("by").asText()).isEqualTo("key:test");
    assertThat(passport.get("received").get("api").asText()).isEqualTo("v1");
    assertThat(passport.get("event").get("externalId").asText()).isEqualTo(number);
    assertThat(passport.get("shard").asText()).isEqualTo("a");
    assertThat(step(passport, "failed").get("reason").asText()).contains("priority X is not known");
    assertThat(step(passport, "failed").get("then").asText()).isEqualTo("dead-lettered");
    assertThat(step(passport, "edited").get("operator").asText()).isEqualTo("ann");
    assertThat(step(passport, "replayed").get("replay").asInt()).isEqualTo(1);
    assertThat(step(passport, "mapped").get("connector").asText()).isEqualTo("sap-s4hana");
    assertThat(step(passport, "mapped").get("mapping").asText()).endsWith("/workorder.jslt");
    assertThat(step(passport, "mapped").get("sha256").asText())
        .isEqualTo(sha256(Files.readAllBytes(mill.folder().resolve("workorder.jslt"))));
    assertThat(step(passport, "applied").get("version").asLong()).isEqualTo(1_780_000_000_000L);

    String text = mill.run("event", "show", id).out();
    assertThat(text)
        .contains("Event " + id + "  applied", "sap workorder " + number + " of tenant mill")
        .contains("key:test, API v1", "then dead-lettered", "by ann", "SHA-256")
        .doesNotContain("\u001b");
  }

  private static String sha256(byte[] bytes) {
    return java.util.HexFormat.of()
        .formatHex(dev.cmmshub.message.MappingUsed.digest().digest(bytes));
  }

  @Test
  void eachTryOfADeliveryIsToldWithItsAnswer() {
    String number = Mill.number();
    int[] refused = {0};
    mill.hooks()
        .answer(
            one ->
                one.number().equals(number) && one.path().equals("/") && refused[0]++ < 2
                    ? 503
                    : 204);
    String id = stored("quay", Mill.order(number, "2"));
    assertThat(
            eventually(
                () ->
                    show(id).get("steps").findValuesAsText("step").stream()
                            .filter("delivered"::equals)
                            .count()
                        == 2))
        .isTrue();
    mill.hooks().answer(one -> 204);
    JsonNode passport = show(id);
    assertThat(passport.get("status").asText()).isEqualTo("delivered");
    JsonNode failed = step(passport, "failed");
    assertThat(failed.get("status").asInt()).isEqualTo(503);
    assertThat(failed.get("errorClass").asText()).isEqualTo("status");
    assertThat(failed.get("then").asText()).isEqualTo("parked");
    List<String> told = new ArrayList<>();
    passport
        .get("steps")
        .forEach(
            step -> {
              if (step.get("step").asText().equals("delivered")) {
                told.add(step.get("to").asText());
              }
            });
    assertThat(told)
        .containsExactlyInAnyOrder("127.0.0.1", "again")
        .contains(failed.get("to").asText());
  }

  @Test
  void causesAndEffectsAreToldInBothDirections() {
    String a = caused("mine", Mill.number(), "ERP-77", null);
    String b = caused("mine", Mill.number(), a, null);
    String c = caused("mine", Mill.number(), b, null);
    String d = caused("mine", Mill.number(), "elsewhere", b);
    JsonNode chain = show(b).get("chain");
    assertThat(chain.findValuesAsText("id")).containsExactlyInAnyOrder("ERP-77", a, c, d);
    assertThat(chain.findValuesAsText("relation"))
        .containsExactlyInAnyOrder("cause", "cause", "effect", "related");
    assertThat(show(a).get("chain").findValuesAsText("id"))
        .containsExactlyInAnyOrder("ERP-77", b, c);
    assertThat(show(c).get("chain").findValuesAsText("id")).containsExactly("ERP-77", a, b);
    assertThat(mill.run("event", "show", c).out())
        .contains("came from", "this one", "not known here");
    assertThat(mill.run("event", "show", a).out()).contains("led to");
    JsonNode own = Mill.json(mill.hub().send(mill.request("mine", "/v2/events/" + b).GET()).body());
    assertThat(own.get("chain").findValuesAsText("id"))
        .containsExactlyInAnyOrder("ERP-77", a, c, d);
  }

  @Test
  void anEventOfAnotherTenantIsInNoChainAndNotToBeSeen() {
    String a = stored("mine", Mill.order(Mill.number(), "2"));
    String b = caused("mill", Mill.number(), a, a);
    assertThat(show(a).get("chain")).isEmpty();
    assertThat(show(b).get("chain").get(0).has("status")).isFalse();
    assertThat(mill.hub().send(mill.request("mill", "/v1/events/" + a).GET()).statusCode())
        .isEqualTo(404);
    assertThat(mill.hub().send(mill.request("mine", "/v2/events/" + b).GET()).statusCode())
        .isEqualTo(404);
  }

  @Test
  void aTenantSeesItsOwnWithoutTheOperatorsNames() {
    String id = mill.dead("mill", Mill.number());
    assertThat(mill.run("dead-letter", "discard", id, "--reason=a test").status()).isZero();
    HttpResponse<String> answer = mill.hub().send(mill.request("mill", "/v1/events/" + id).GET());
    assertThat(answer.body()).contains("discarded", "a test", "key:test").doesNotContain("ann");
    assertThat(step(show(id), "discarded").get("operator").asText()).isEqualTo("ann");
  }

  @Test
  void whatCameAgainAndWhatCameTooLateIsTold() {
    String number = Mill.number();
    byte[] newer = Mill.order(number, "2");
    String id = stored("mill", newer);
    mill.post("mill", newer);
    assertThat(eventually(() -> show(id).toString().contains("\"repeated\""))).isTrue();
    assertThat(step(show(id), "repeated").get("times").asInt()).isEqualTo(1);
    String old =
        stored(
            "mill",
            new String(newer, java.nio.charset.StandardCharsets.UTF_8)
                .replace("1780000000000", "1770000000000")
                .getBytes(java.nio.charset.StandardCharsets.UTF_8));
    assertThat(show(old).get("status").asText()).isEqualTo("superseded");
    JsonNode newest = show(number);
    assertThat(newest.get("id").asText()).isEqualTo(old);
    assertThat(newest.get("others").asInt()).isEqualTo(1);
  }

  @Test
  void anEventIsFoundByAllItsNames() {
    String number = Mill.number();
    String id = caused("mill", number, "x", "line%207/%C3%A4'%25" + number);
    assertThat(show(id.toUpperCase(java.util.Locale.ROOT)).get("id").asText()).isEqualTo(id);
    assertThat(show(id.substring(0, 13)).get("id").asText()).isEqualTo(id);
    assertThat(show(number).get("id").asText()).isEqualTo(id);
    assertThat(show(show(id).get("event").get("correlationId").asText()).get("id").asText())
        .isEqualTo(id);
    String other = stored("mine", Mill.order(number, "2"));
    Mill.Said several = mill.run("event", "show", number);
    assertThat(several.status()).isEqualTo(1);
    assertThat(several.err()).contains("can mean several", id, other, "mine", "tenant");
    assertThat(show(number, "--tenant", "mine").get("id").asText()).isEqualTo(other);
  }

  @Test
  void whatNobodyKnowsMayBeOnItsWay() {
    for (String name :
        new String[] {UUID.randomUUID().toString(), "..", "a/b?c#d", "'; --", "ffff"}) {
      Mill.Said said = mill.run("event", "show", name);
      assertThat(said.status()).isEqualTo(1);
      assertThat(said.err()).contains("nothing is known of '" + name + "'", "still on its way");
    }
    assertThat(mill.run("event", "show", "x", "--tenant", "nobody").err())
        .contains("'nobody' is not in tenants.yaml");
    assertThat(mill.run("event").status()).isEqualTo(2);
    assertThat(mill.hub().admin("/admin/v1/events/passport")).contains("of: expected an event id");
    assertThat(mill.hub().admin("/admin/v1/events/passport?of=a%00b")).contains("\"status\":400");
  }
}
