package dev.cmmshub.notifier;

import static dev.cmmshub.TestHub.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.Hooks;
import dev.cmmshub.SecretFile;
import dev.cmmshub.TestHub;
import dev.cmmshub.embedded.PostgresAddress;
import dev.cmmshub.message.Json;
import dev.cmmshub.tenant.KeyHash;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What happens when a webhook's receiver answers 410 Gone. */
class GoneReceiversTest {
  private static final String KEY = "-" + UUID.randomUUID();
  private static final long FIRST = 1_780_000_000_000L;
  private static final String ID = "leaving";
  private static final String TENANT =
      """
        %1$s:
          enabled: true
          retry: {schedule: [1s], maxAge: 1h}
          keys: [{id: test, sha256: "%2$s"}]
          systems: {sap: {connector: sap-s4hana}}
          subscriptions:
            - {to: "%3$s", events: ["*"], secret: "{{file:%5$s}}"}
            - {id: leaving, to: "%4$s", events: ["*"], secret: "{{file:%5$s}}"}
      """;

  private static Hooks hooks;
  private static TestHub hub;

  @BeforeAll
  static void start() throws IOException {
    hooks = new Hooks();
    Path secret = SecretFile.of("whsec_c2VjcmV0");
    secret.toFile().deleteOnExit();
    StringBuilder tenants = new StringBuilder();
    for (String name : List.of("yard", "dock", "pier", "crew")) {
      String well = hooks.address("/well-" + name);
      String gone = hooks.address("/gone-" + name);
      tenants.append(TENANT.formatted(name, KeyHash.of(name + KEY), well, gone, secret));
    }
    hooks.answer(one -> one.path().startsWith("/gone") ? 410 : 204);
    hub = TestHub.with(tenants.toString());
  }

  @AfterAll
  static void stop() {
    hub.close();
    hooks.close();
  }

  private static String number() {
    return "G" + UUID.randomUUID().toString().substring(0, 8);
  }

  private static void publish(String tenant, String number, int first, int last)
      throws IOException {
    ObjectNode document =
        (ObjectNode)
            Json.read(
                Files.readAllBytes(
                    Path.of("connectors/sap-s4hana/samples/workorder.from-erp.released.json")));
    for (int i = first; i <= last; i++) {
      ((ObjectNode) document.path("d"))
          .put("MaintenanceOrder", number)
          .put("LastChangeDateTime", "/Date(" + (FIRST + i) + ")/");
      HttpResponse<String> answer =
          hub.send(
              HttpRequest.newBuilder(hub.address("/v1/events/sap"))
                  .timeout(Duration.ofSeconds(20))
                  .header("X-API-Key", tenant + KEY)
                  .header("Content-Type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofByteArray(Json.write(document))));
      assertThat(answer.statusCode()).isEqualTo(202);
    }
  }

  private static List<Long> versions(int first, int last) {
    return LongStream.rangeClosed(FIRST + first, FIRST + last).boxed().toList();
  }

  private static boolean took(String path, String number, int last) {
    return eventually(() -> hooks.versions(path, number).equals(versions(1, last)));
  }

  private static long asked(String path) {
    return hooks.asked().stream().filter(one -> one.path().equals(path)).count();
  }

  private static JsonNode state(String tenant) {
    String all = hub.admin("/admin/v1/subscriptions?tenant=" + tenant);
    for (JsonNode one : Json.read(all.getBytes(StandardCharsets.UTF_8))) {
      if (one.get("id").asText().equals(ID)) {
        return one;
      }
    }
    throw new AssertionError(all);
  }

  private static boolean isGone(String tenant, int parked) {
    return eventually(
        () ->
            state(tenant).get("state").asText().equals("gone")
                && state(tenant).get("parked").asInt() == parked);
  }

  private static HttpResponse<String> enable(String tenant, String id) {
    return hub.send(
        hub.adminRequest("ines", "/admin/v1/subscriptions/" + tenant + '/' + id + "/enable")
            .POST(HttpRequest.BodyPublishers.noBody()));
  }

  private static void replace(String old, String now) throws IOException {
    String text = Files.readString(hub.tenantsFile());
    assertThat(text).containsPattern(old);
    Path next =
        Files.writeString(
            hub.tenantsFile().resolveSibling("next.yaml"), text.replaceFirst(old, now));
    Files.move(next, hub.tenantsFile(), StandardCopyOption.ATOMIC_MOVE);
  }

  private static List<String> sql(String sql) {
    List<String> found = new ArrayList<>();
    for (PostgresAddress shard : hub.shards()) {
      try (Connection connection =
              DriverManager.getConnection(
                  shard.jdbcUrl(), shard.adminUser(), shard.adminPassword());
          Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery(sql)) {
        while (rows.next()) {
          found.add(rows.getString(1));
        }
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
    return found;
  }

  private static void passes(Duration time) {
    long begin = System.nanoTime();
    assertThat(eventually(() -> System.nanoTime() - begin > time.toNanos())).isTrue();
  }

  @Test
  void itIsAskedOnceAndWhatComesLaterWaitsThroughARestartUntilItIsEnabled() throws IOException {
    String order = number();
    publish("yard", order, 1, 1);
    assertThat(isGone("yard", 1)).isTrue();
    String other = number();
    publish("yard", order, 2, 6);
    publish("yard", other, 1, 3);
    assertThat(took("/well-yard", order, 6)).as("the other observer is told").isTrue();
    assertThat(isGone("yard", 9)).isTrue();
    String heads =
        "SELECT error_class || ' ' || attempt || ' ' || (reason LIKE '%enable yard leaving')"
            + " FROM parked WHERE tenant_id = 'yard' AND due_at IS NOT NULL AND NOT claimed";
    assertThat(eventually(() -> sql(heads).equals(List.of("gone 0 true", "gone 0 true")))).isTrue();
    assertThat(eventually(() -> hub.admin("/q/metrics").contains("gone{tenant=\"yard\"} 1")))
        .isTrue();

    hub.restart();
    publish("yard", number(), 1, 1);
    assertThat(isGone("yard", 10)).isTrue();
    passes(Duration.ofSeconds(2));
    assertThat(asked("/gone-yard")).isEqualTo(1);

    hooks.answer(one -> one.path().matches("/gone-(dock|pier|crew)") ? 410 : 204);
    assertThat(enable("yard", ID).statusCode()).isEqualTo(200);
    assertThat(took("/gone-yard", order, 6)).isTrue();
    assertThat(took("/gone-yard", other, 3)).isTrue();
    assertThat(eventually(() -> state("yard").get("parked").asInt() == 0)).isTrue();
    assertThat(state("yard").get("state").asText()).isEqualTo("enabled");
    assertThat(asked("/gone-yard")).isEqualTo(11);
    assertThat(hub.admin("/admin/v1/audit?tenant=yard"))
        .contains("\"operator\":\"ines\"", "\"action\":\"enabled\"", "subscription@" + ID);
  }

  @Test
  void anotherAddressGetsWhatWaits() throws IOException {
    String order = number();
    publish("dock", order, 1, 1);
    assertThat(isGone("dock", 1)).isTrue();
    publish("dock", order, 2, 5);
    assertThat(isGone("dock", 5)).isTrue();
    replace("/gone-dock", "/moved-dock");
    assertThat(took("/moved-dock", order, 5)).isTrue();
    assertThat(state("dock").get("state").asText()).isEqualTo("enabled");
    assertThat(asked("/gone-dock")).isEqualTo(1);
    assertThat(enable("dock", ID).statusCode()).as("not gone at this address").isEqualTo(409);
  }

  @Test
  void whatWaitsForASubscriptionThatWasRemovedIsDead() throws IOException {
    String order = number();
    publish("pier", order, 1, 1);
    assertThat(isGone("pier", 1)).isTrue();
    publish("pier", order, 2, 3);
    assertThat(isGone("pier", 3)).isTrue();
    replace("\n[^\n]*/gone-pier[^\n]*", "");
    String dead = "SELECT error_class FROM dead_letter WHERE tenant_id = 'pier'";
    assertThat(
            eventually(
                () -> sql(dead).equals(List.of("unsubscribed", "unsubscribed", "unsubscribed"))))
        .isTrue();
    assertThat(asked("/gone-pier")).isEqualTo(1);
  }

  @Test
  void onlyWhatIsGoneCanBeEnabled() throws IOException {
    assertThat(enable("crew", ID).statusCode()).isEqualTo(409);
    assertThat(enable("crew", "nobody").statusCode()).isEqualTo(404);
    assertThat(enable("nobody", ID).statusCode()).isEqualTo(404);
    publish("crew", number(), 1, 1);
    assertThat(isGone("crew", 1)).isTrue();
    assertThat(enable("crew", ID).statusCode()).isEqualTo(200);
    assertThat(eventually(() -> asked("/gone-crew") == 2)).as("gone again").isTrue();
    assertThat(isGone("crew", 1)).isTrue();
  }
}
