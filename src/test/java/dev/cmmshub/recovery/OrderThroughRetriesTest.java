package dev.cmmshub.recovery;

import static dev.cmmshub.TestHub.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.Hooks;
import dev.cmmshub.SecretFile;
import dev.cmmshub.TestHub;
import dev.cmmshub.message.Json;
import dev.cmmshub.tenant.KeyHash;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What holds for the order of one business object's events while one of them fails. */
class OrderThroughRetriesTest {
  private static final String KEY = "test-" + UUID.randomUUID();
  private static final long FIRST = 1_780_000_000_000L;
  private static final String TENANT =
      """
        yard:
          enabled: true
          retry: {schedule: [1s], maxAge: 1h}
          keys: [{id: test, sha256: "%1$s"}]
          systems: {sap: {connector: sap-s4hana}}
          subscriptions:
            - {to: "%2$s", events: ["*"], secret: "{{file:%5$s}}"}
            - {id: latest, to: "%3$s", events: ["*"], order: latest-wins, secret: "{{file:%5$s}}"}
            - {id: none, to: "%4$s", events: ["*"], order: none, secret: "{{file:%5$s}}"}
      """;

  private static Hooks hooks;
  private static TestHub hub;

  @BeforeAll
  static void start() throws IOException {
    hooks = new Hooks();
    Path secret = SecretFile.of("whsec_c2VjcmV0");
    secret.toFile().deleteOnExit();
    hub =
        TestHub.with(
            TENANT.formatted(
                KeyHash.of(KEY),
                hooks.address("/strict"),
                hooks.address("/latest"),
                hooks.address("/none"),
                secret));
  }

  @AfterAll
  static void stop() {
    hub.close();
    hooks.close();
  }

  @BeforeEach
  void answerWell() {
    hooks.answer(one -> 204);
  }

  private static String number() {
    return "W" + UUID.randomUUID().toString().substring(0, 8);
  }

  private static HttpResponse<String> post(String number, long version) throws IOException {
    ObjectNode document =
        (ObjectNode)
            Json.read(
                Files.readAllBytes(
                    Path.of("connectors/sap-s4hana/samples/workorder.from-erp.released.json")));
    ((ObjectNode) document.path("d"))
        .put("MaintenanceOrder", number)
        .put("LastChangeDateTime", "/Date(" + version + ")/");
    return hub.send(
        HttpRequest.newBuilder(hub.address("/v1/events/sap"))
            .timeout(Duration.ofSeconds(20))
            .header("X-API-Key", KEY)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(Json.write(document))));
  }

  private static void publish(String number, int first, int last) throws IOException {
    for (int i = first; i <= last; i++) {
      assertThat(post(number, FIRST + i).statusCode()).isEqualTo(202);
    }
  }

  private static List<Long> versions(int first, int last) {
    return LongStream.rangeClosed(FIRST + first, FIRST + last).boxed().toList();
  }

  private static boolean took(String path, String number, List<Long> versions) {
    return eventually(() -> hooks.versions(path, number).size() >= versions.size());
  }

  @Test
  void laterEventsWaitBehindTheOneThatFailedAndOthersFlowOn() throws IOException {
    String stuck = number();
    String other = number();
    hooks.answer(one -> one.path().equals("/strict") && one.number().equals(stuck) ? 503 : 204);
    publish(stuck, 1, 4);
    publish(other, 1, 4);
    assertThat(took("/strict", other, versions(1, 4))).as("another object is told").isTrue();
    publish(stuck, 5, 6);
    assertThat(hooks.versions("/strict", stuck)).isEmpty();
    assertThat(took("/none", stuck, versions(1, 6))).as("another observer is told").isTrue();

    hooks.answer(one -> 204);
    publish(stuck, 7, 8);
    assertThat(took("/strict", stuck, versions(1, 8))).isTrue();
    assertThat(hooks.versions("/strict", stuck)).isEqualTo(versions(1, 8));
    assertThat(hooks.versions("/strict", other)).isEqualTo(versions(1, 4));
  }

  @Test
  void whatIsDeadFreesItsKey() throws IOException {
    String number = number();
    hooks.answer(one -> one.path().equals("/strict") && one.version() == FIRST + 2 ? 422 : 204);
    publish(number, 1, 5);
    assertThat(took("/strict", number, List.of(1L, 3L, 4L, 5L))).isTrue();
    assertThat(hooks.versions("/strict", number))
        .containsExactly(FIRST + 1, FIRST + 3, FIRST + 4, FIRST + 5);
    assertThat(hub.admin("/admin/v1/dead-letters?tenant=yard")).contains(number);
  }

  @Test
  void onlyTheNewestWaitsWhereTheLatestWins() throws IOException {
    String number = number();
    hooks.answer(one -> one.path().equals("/latest") && one.number().equals(number) ? 503 : 204);
    publish(number, 1, 9);
    assertThat(took("/strict", number, versions(1, 9))).isTrue();
    hooks.answer(one -> 204);
    assertThat(eventually(() -> hooks.versions("/latest", number).contains(FIRST + 9))).isTrue();
    assertThat(hooks.versions("/latest", number)).hasSizeLessThanOrEqualTo(3).isSorted();
  }

  @Test
  void withoutOrderEachGoesItsOwnWay() throws IOException {
    String number = number();
    hooks.answer(one -> one.path().equals("/none") && one.version() == FIRST + 1 ? 503 : 204);
    publish(number, 1, 4);
    assertThat(took("/none", number, List.of(2L, 3L, 4L))).isTrue();
    assertThat(hooks.versions("/none", number)).doesNotContain(FIRST + 1);
    hooks.answer(one -> 204);
    assertThat(took("/none", number, versions(1, 4))).isTrue();
    assertThat(hooks.versions("/none", number)).containsExactlyInAnyOrderElementsOf(versions(1, 4));
  }

  @Test
  void nothingIsSentWhileTheTenantIsDisabledAndEnablingDrainsInOrder() throws IOException {
    String number = number();
    hooks.answer(one -> slowly(50));
    publish(number, 1, 40);
    enable(false);
    assertThat(post(number, FIRST + 41).statusCode()).isEqualTo(403);
    assertNothingIsSentFromNowOn();
    assertThat(hooks.versions("/strict", number)).hasSizeLessThan(40);
    enable(true);
    assertThat(took("/strict", number, versions(1, 40))).isTrue();
    assertThat(hooks.versions("/strict", number).stream().distinct().toList())
        .isEqualTo(versions(1, 40));
  }

  /** Of one target only so many are under way at once; the others wait in front of it. */
  @Test
  void whatWaitsForASlowTargetIsNotSentEither() throws IOException {
    hooks.answer(one -> slowly(3000));
    String prefix = number();
    for (int i = 0; i < 120; i++) {
      publish(prefix + i, 1, 1);
    }
    enable(false);
    assertNothingIsSentFromNowOn();
    enable(true);
    hooks.answer(one -> 204);
    assertThat(
            eventually(
                () ->
                    hooks.taken().stream()
                            .filter(one -> one.path().equals("/strict"))
                            .filter(one -> one.number().startsWith(prefix))
                            .map(Hooks.Taken::number)
                            .distinct()
                            .count()
                        == 120))
        .isTrue();
  }

  private static int slowly(int millis) {
    LockSupport.parkNanos(Duration.ofMillis(millis).toNanos());
    return 204;
  }

  private static void assertNothingIsSentFromNowOn() {
    long disabled = System.nanoTime();
    assertThat(eventually(() -> System.nanoTime() - disabled > Duration.ofSeconds(4).toNanos()))
        .isTrue();
    long last =
        hooks.asked().stream().map(Hooks.Taken::nanos).max(Comparator.naturalOrder()).orElse(0L);
    assertThat(Duration.ofNanos(last - disabled)).isLessThan(Duration.ofSeconds(1));
  }

  private static void enable(boolean enabled) throws IOException {
    String text = Files.readString(hub.tenantsFile());
    Path next =
        Files.writeString(
            hub.tenantsFile().resolveSibling("next.yaml"),
            text.replaceFirst("enabled: (true|false)", "enabled: " + enabled));
    Files.move(next, hub.tenantsFile(), StandardCopyOption.ATOMIC_MOVE);
    assertThat(eventually(() -> hub.tenants().byId("yard").orElseThrow().enabled() == enabled))
        .isTrue();
  }
}
