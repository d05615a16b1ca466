package dev.cmmshub.gateway;

import static dev.cmmshub.TestHub.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.RedisConnection;
import dev.cmmshub.TestHub;
import dev.cmmshub.embedded.PostgresAddress;
import dev.cmmshub.message.Json;
import dev.cmmshub.tenant.KeyHash;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What callers with an Idempotency-Key notice, on a real hub whose requests take 0.4 s. */
class IdempotencyTest {
  private static final AtomicInteger COUNT = new AtomicInteger(10_000);
  private static TestHub hub;

  @BeforeAll
  static void start() {
    hub = TestHub.with(tenant("one") + tenant("two"), Map.of("hub.gateway.lingerMs", "400"));
  }

  @AfterAll
  static void end() {
    hub.close();
  }

  private static String tenant(String name) {
    return """
      %s:
        keys: [{id: k, sha256: "%s"}]
        systems: {odoo: {connector: odoo}, other: {connector: odoo}, erp: {connector: generic-soap}}
    """
        .formatted(name, KeyHash.of("key-of-" + name));
  }

  /** Another object each time. */
  private static byte[] order() throws IOException {
    ObjectNode order =
        (ObjectNode)
            Json.read(
                Files.readAllBytes(
                    Path.of("connectors/odoo/samples/workorder.from-erp.in-progress.json")));
    return Json.write(order.put("_id", COUNT.incrementAndGet()));
  }

  private static HttpRequest.Builder posting(String path, String tenant, String key, byte[] body) {
    return HttpRequest.newBuilder(hub.address(path))
        .header("X-API-Key", "key-of-" + tenant)
        .header("Content-Type", "application/json")
        .header("Idempotency-Key", key)
        .timeout(Duration.ofSeconds(20))
        .POST(HttpRequest.BodyPublishers.ofByteArray(body));
  }

  private static HttpResponse<String> post(String tenant, String key, byte[] body) {
    return hub.send(posting("/v1/events/odoo", tenant, key, body));
  }

  private static String key() {
    return UUID.randomUUID().toString();
  }

  private static boolean isReplay(HttpResponse<?> answer) {
    return answer.headers().firstValue("Idempotent-Replayed").isPresent();
  }

  private static void assertProblem(HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(answer.body()).contains("\"code\":\"" + code + "\"");
  }

  private static String id(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return Json.read(answer.body().getBytes(UTF_8)).get("id").asText();
  }

  /** How often an event was applied, in all shards. */
  private static int rows(String id) {
    int rows = 0;
    for (PostgresAddress shard : hub.shards()) {
      try (Connection connection =
              DriverManager.getConnection(
                  shard.jdbcUrl(), shard.adminUser(), shard.adminPassword());
          PreparedStatement statement =
              connection.prepareStatement("SELECT count(*) FROM inbox WHERE event_id = ?::uuid")) {
        statement.setString(1, id);
        ResultSet found = statement.executeQuery();
        found.next();
        rows += found.getInt(1);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
    return rows;
  }

  @Test
  void theSameRequestIsAnsweredTheSameAndNotWorkedOnAgain() throws IOException {
    String key = key();
    byte[] body = order();
    HttpResponse<String> first = post("one", key, body);
    assertThat(isReplay(first)).isFalse();
    double accepted = accepted();
    for (String again : List.of(key, '"' + key + '"')) {
      HttpResponse<String> second = post("one", again, body);
      assertThat(isReplay(second)).isTrue();
      assertThat(second.statusCode()).isEqualTo(202);
      assertThat(second.body()).isEqualTo(first.body());
      for (String header : List.of("Location", "Content-Type")) {
        assertThat(second.headers().firstValue(header))
            .isEqualTo(first.headers().firstValue(header))
            .isPresent();
      }
      assertThat(second.headers().firstValue("RateLimit")).isPresent();
    }
    assertThat(accepted()).as("nothing more went to Kafka").isEqualTo(accepted);
    assertThat(eventually(() -> rows(id(first)) == 1)).isTrue();
  }

  private static double accepted() {
    return hub.admin("/q/metrics")
        .lines()
        .filter(line -> line.startsWith("hub_events_total{outcome=\"accepted\""))
        .filter(line -> line.contains("tenant=\"one\""))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  /** On a busy machine Redis may not tell in time; then more than one is, and counts once. */
  @Test
  void ofManyAtOnceOneIsWorkedOn() throws IOException {
    int rounds = 0;
    while (originalsOfTwenty(key(), order()) != 1) {
      assertThat(++rounds).as("rounds with more than one").isLessThan(5);
    }
  }

  private static int originalsOfTwenty(String key, byte[] body) {
    HttpClient client = HttpClient.newHttpClient();
    List<CompletableFuture<HttpResponse<String>>> sent = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      sent.add(
          client.sendAsync(
              posting("/v1/events/odoo", "one", key, body).build(),
              HttpResponse.BodyHandlers.ofString()));
    }
    int originals = 0;
    int refused = 0;
    for (CompletableFuture<HttpResponse<String>> one : sent) {
      HttpResponse<String> answer = one.join();
      if (answer.statusCode() == 409) {
        assertProblem(answer, 409, "idempotency-key-in-flight");
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
        refused++;
      } else {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        originals += isReplay(answer) ? 0 : 1;
      }
    }
    assertThat(originals).isBetween(1, 19);
    assertThat(refused).isPositive();
    HttpResponse<String> after = post("one", key, body);
    assertThat(isReplay(after)).isTrue();
    assertThat(eventually(() -> rows(id(after)) == 1)).isTrue();
    return originals;
  }

  @Test
  void anotherRequestUnderTheKeyIsRefused() throws IOException {
    String key = key();
    post("one", key, order());
    assertProblem(post("one", key, order()), 422, "idempotency-key-reused");
  }

  @Test
  void aKeyIsATenantsForOneSystemAndOneVersion() throws IOException {
    String key = key();
    byte[] body = order();
    HttpResponse<String> one = post("one", key, body);
    HttpResponse<String> two = post("two", key, body);
    HttpResponse<String> other = hub.send(posting("/v1/events/other", "one", key, body));
    HttpResponse<String> newer =
        hub.send(
            posting("/v2/events/odoo", "one", key, body)
                .header("ce-specversion", "1.0")
                .header("ce-id", key)
                .header("ce-source", "/odoo")
                .header("ce-type", "changed"));
    assertThat(List.of(one, two, other, newer)).noneMatch(IdempotencyTest::isReplay);
    assertThat(List.of(id(one), id(two), id(other), id(newer))).doesNotHaveDuplicates();
  }

  /** The same data, but another event. */
  @Test
  void attributesInHeadersAreOfTheRequestToo() throws IOException {
    String key = key();
    byte[] body = order();
    List<HttpResponse<String>> answers = new ArrayList<>();
    for (String id : List.of("1", "1", "2")) {
      answers.add(
          hub.send(
              posting("/v2/events/odoo", "one", key, body)
                  .header("ce-specversion", "1.0")
                  .header("ce-id", key + id)
                  .header("ce-source", "/odoo")
                  .header("ce-type", "changed")));
    }
    assertThat(isReplay(answers.get(1))).isTrue();
    assertThat(answers.get(1).body()).isEqualTo(answers.get(0).body());
    assertProblem(answers.get(2), 422, "idempotency-key-reused");
  }

  @Test
  void afterAnErrorTheKeyIsFree() throws IOException {
    String key = key();
    assertThat(post("one", key, "{\"hello\":1}".getBytes(UTF_8)).statusCode()).isEqualTo(422);
    assertThat(post("one", key, "{".getBytes(UTF_8)).statusCode()).isEqualTo(400);
    assertThat(hub.send(posting("/v1/events/nothing", "one", key, order())).statusCode())
        .isEqualTo(404);
    HttpResponse<String> good = post("one", key, order());
    assertThat(isReplay(good)).isFalse();
    id(good);
  }

  @Test
  void aKeyThatIsNoneIsRefused() throws IOException {
    for (String key : List.of("\"\"", "\"open", "\"a\"b", "k".repeat(256))) {
      assertProblem(post("one", key, order()), 400, "idempotency-key");
    }
  }

  @Test
  void soapAnswersAreKeptToo() throws IOException {
    String payload =
        Files.readString(Path.of("connectors/generic-soap/samples/workorder.from-erp.full.xml"));
    String envelope =
        "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>"
            + payload.substring(payload.indexOf("?>") + 2)
            + "</s:Body></s:Envelope>";
    String key = key();
    HttpResponse<String> first = soap(key, envelope);
    assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
    HttpResponse<String> again = soap(key, envelope);
    assertThat(isReplay(again)).isTrue();
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(again.headers().firstValue("Location"))
        .isEqualTo(first.headers().firstValue("Location"));
    HttpResponse<String> other = soap(key, envelope.replaceFirst("(externalId>)[^<]*", "$1X9"));
    assertThat(other.body()).contains("Fault>").contains("idempotency-key-reused");
  }

  private static HttpResponse<String> soap(String key, String envelope) {
    return hub.send(
        posting("/v1/soap/erp", "one", key, envelope.getBytes(UTF_8))
            .setHeader("Content-Type", "text/xml"));
  }

  @Test
  void aClaimEndsSoonAndAnAnswerIsKeptADay() throws IOException {
    try (RedisConnection redis = new RedisConnection(hub.backends())) {
      CompletableFuture<HttpResponse<String>> first =
          HttpClient.newHttpClient()
              .sendAsync(
                  posting("/v1/events/odoo", "two", key(), order()).build(),
                  HttpResponse.BodyHandlers.ofString());
      List<Long> lives = new ArrayList<>();
      assertThat(
              eventually(
                  () -> {
                    redis.template().keys("hub:idempotency:two:*").stream()
                        .filter(name -> redis.template().opsForValue().get(name).startsWith("?"))
                        .map(name -> redis.template().getExpire(name, TimeUnit.SECONDS))
                        .forEach(lives::add);
                    return !lives.isEmpty();
                  }))
          .isTrue();
      assertThat(lives).allMatch(seconds -> seconds > 10 && seconds <= 20);
      id(first.join());
      assertThat(redis.template().keys("hub:idempotency:two:*"))
          .isNotEmpty()
          .anyMatch(
              name -> {
                long seconds = redis.template().getExpire(name, TimeUnit.SECONDS);
                return seconds > 86_300 && seconds <= 86_400;
              });
    }
  }
}
