package dev.cmmshub.batch;

import static dev.cmmshub.TestHub.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.TestHub;
import dev.cmmshub.message.Json;
import dev.cmmshub.tenant.KeyHash;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Files, from the request to the objects. */
class BulkLoadTest {
  private static final String KEY = KeyHash.newKey(new SecureRandom());
  private static TestHub hub;

  @BeforeAll
  static void start() {
    hub =
        TestHub.with(
            """
              bulk:
                keys: [{id: k, sha256: "%s", can: [publish, read, bulk]}]
                systems: {sap: {connector: sap-s4hana}}
            """
                .formatted(KeyHash.of(KEY)));
  }

  @AfterAll
  static void stop() {
    hub.close();
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(hub.address(path)).header("Authorization", "Bearer " + KEY);
  }

  private static HttpResponse<String> load(String type, String query, byte[] body, String name) {
    return hub.send(
        request("/v1/bulk/sap" + query)
            .header("Content-Type", type)
            .header("Idempotency-Key", name)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
  }

  private static JsonNode get(String path) {
    HttpResponse<String> answer = hub.send(request(path).GET());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Json.read(answer.body().getBytes(UTF_8));
  }

  private static JsonNode ended(HttpResponse<String> accepted) {
    assertThat(accepted.statusCode()).as(accepted.body()).isIn(200, 201, 202);
    String id = Json.read(accepted.body().getBytes(UTF_8)).get("id").asText();
    assertThat(eventually(() -> get("/v1/jobs/" + id).has("endedAt"))).isTrue();
    return get("/v1/jobs/" + id);
  }

  private static String rows(String prefix, int from, int to, long version) {
    return IntStream.range(from, to)
        .mapToObj(i -> row(prefix + i, version) + "\n")
        .collect(Collectors.joining());
  }

  private static String row(String number, long version) {
    return "{\"Product\":\"%s\",\"ProductType\":\"ERSA\",\"BaseUnit\":\"EA\",\"LastChangeDateTime\":\"/Date(%d+0000)/\"}"
        .formatted(number, version);
  }

  private static String name() {
    return UUID.randomUUID().toString();
  }

  @Test
  void rowsBecomeObjects() {
    JsonNode job =
        ended(
            load(
                "application/x-ndjson",
                "?name=p.ndjson",
                rows("A", 0, 2500, 1000).getBytes(UTF_8),
                name()));
    assertThat(job.get("state").asText()).isEqualTo("done");
    assertThat(job.at("/rows/applied").asInt()).as(job.toString()).isEqualTo(2500);
    assertThat(job.at("/chunks/done").asInt()).isEqualTo(3);
    assertThat(get("/v1/jobs/" + job.get("id").asText() + "/chunks").get("chunks")).hasSize(3);
  }
}
