package dev.cmmshub.notifier;

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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One receiver of two tenants, with a budget. */
class BudgetedTest {
  private static final String KEY = "test-" + UUID.randomUUID();
  private static final String YAML =
      """
        %1$s:
          retry: {schedule: [1s], maxAge: 1h}
          keys: [{id: test, sha256: "%2$s"}]
          systems: {sap: {connector: sap-s4hana}}
          subscriptions: [{to: "%3$s", events: ["*"], secret: "{{file:%4$s}}"}]
      """;

  private static Hooks hooks;
  private static TestHub hub;

  @BeforeAll
  static void start() throws IOException {
    hooks = new Hooks();
    Path secret = SecretFile.of("whsec_c2VjcmV0");
    secret.toFile().deleteOnExit();
    String budget =
        "budgets: {\"%s\": {inFlight: 1, requestsPerSecond: 40}}\n"
            .formatted(hooks.address("").substring("http://".length()));
    hub = TestHub.with(tenant("port", secret) + tenant("dock", secret) + budget);
  }

  private static String tenant(String name, Path secret) {
    return YAML.formatted(name, KeyHash.of(KEY + name), hooks.address("/" + name), secret);
  }

  @AfterAll
  static void stop() {
    hub.close();
    hooks.close();
  }

  private static void publish(String tenant, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      ObjectNode document =
          (ObjectNode)
              Json.read(
                  Files.readAllBytes(
                      Path.of("connectors/sap-s4hana/samples/workorder.from-erp.released.json")));
      ((ObjectNode) document.path("d"))
          .put("MaintenanceOrder", UUID.randomUUID().toString().substring(0, 12));
      int status =
          hub.send(
                  HttpRequest.newBuilder(hub.address("/v1/events/sap"))
                      .timeout(Duration.ofSeconds(20))
                      .header("X-API-Key", KEY + tenant)
                      .header("Content-Type", "application/json")
                      .POST(HttpRequest.BodyPublishers.ofByteArray(Json.write(document))))
              .statusCode();
      assertThat(status).isEqualTo(202);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static List<Hooks.Taken> of(List<Hooks.Taken> all, String path) {
    return all.stream().filter(one -> one.path().equals(path)).toList();
  }

  @Test
  void tenantsTakeTurnsWithinTheBudgetObeyARestAndKeepQuietHours() throws IOException {
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch all = new CountDownLatch(1);
    hooks.answer(
        one -> {
          most.accumulateAndGet(running.incrementAndGet(), Math::max);
          await(all);
          running.decrementAndGet();
          return 204;
        });
    publish("port", 30);
    publish("dock", 5);
    LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
    all.countDown();
    assertThat(eventually(() -> hooks.taken().size() == 35)).isTrue();
    assertThat(most).as("calls at once").hasValue(1);
    List<Hooks.Taken> taken = hooks.taken();
    assertThat(taken.get(34).nanos() - taken.get(1).nanos())
        .as("four at once, then the others at 40 a second")
        .isGreaterThan(Duration.ofMillis(700).toNanos());
    assertThat(of(taken, "/dock").get(4).nanos())
        .as("the last of the few is not behind the last of the many")
        .isLessThan(of(taken, "/port").get(15).nanos());

    obeysARest();
    keepsQuietHours();
  }

  private static void obeysARest() throws IOException {
    AtomicInteger refusals = new AtomicInteger();
    hooks.restAfterRefusal(2);
    hooks.answer(one -> one.path().equals("/port") && refusals.getAndIncrement() == 0 ? 429 : 204);
    int before = hooks.asked().size();
    publish("port", 1);
    assertThat(eventually(() -> refusals.get() > 0)).isTrue();
    publish("dock", 3);
    assertThat(eventually(() -> hooks.asked().size() == before + 5)).isTrue();
    List<Hooks.Taken> calls = hooks.asked().subList(before, before + 5);
    assertThat(calls.get(1).nanos() - calls.get(0).nanos())
        .as("nobody calls while the receiver rests")
        .isGreaterThan(Duration.ofMillis(1900).toNanos());
  }

  private static void keepsQuietHours() throws IOException {
    LocalTime now = LocalTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MINUTES);
    String yaml = Files.readString(hub.tenantsFile());
    String version = hub.tenants().version();
    Files.writeString(
        hub.tenantsFile(),
        yaml.replace(
            "requestsPerSecond: 40}",
            "quiet: [\"%s-%s UTC\"]}".formatted(now.minusHours(1), now.plusHours(1))));
    assertThat(eventually(() -> !hub.tenants().version().equals(version))).isTrue();
    int before = hooks.asked().size();
    publish("dock", 2);
    assertThat(eventually(() -> hub.admin("/q/metrics").contains("class=\"budget\""))).isTrue();
    LockSupport.parkNanos(Duration.ofSeconds(2).toNanos());
    assertThat(hooks.asked()).as("calls in quiet hours").hasSize(before);
  }
}
