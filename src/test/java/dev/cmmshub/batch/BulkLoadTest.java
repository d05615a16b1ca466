package dev.cmmshub.batch;

import static dev.cmmshub.TestHub.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import dev.cmmshub.SecretFile;
import dev.cmmshub.TestHub;
import dev.cmmshub.message.EventIds;
import dev.cmmshub.message.EventKey;
import dev.cmmshub.message.Json;
import dev.cmmshub.tenant.KeyHash;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files, from the request to the objects. */
class BulkLoadTest {
  private static final String NDJSON = "application/x-ndjson";
  private static final String KEY = KeyHash.newKey(new SecureRandom());
  private static TestHub hub;

  @BeforeAll
  static void start() {
    hub =
        TestHub.with(
            """
              bulk:
                keys: [{id: k, sha256: "%s", can: [publish, read, bulk]}]
                systems: {sap: {connector: sap-s4hana}, soap: {connector: generic-soap}}
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
    JsonNode job = get("/v1/jobs/" + id);
    return job;
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

  private static String id(JsonNode job) {
    return job.get("id").asText();
  }

  /** Null while there is none. */
  private static JsonNode part(String number) {
    EventKey key = new EventKey("bulk", "sap", "part", number);
    HttpResponse<String> answer = hub.send(request("/v1/part/" + EventIds.ofObject(key)).GET());
    return answer.statusCode() == 404 ? null : Json.read(answer.body().getBytes(UTF_8));
  }

  private static JsonNode act(JsonNode job, String action) {
    return Json.read(
        hub.send(request("/v1/jobs/" + id(job) + '/' + action).POST(BodyPublishers.noBody()))
            .body()
            .getBytes(UTF_8));
  }

  @Test
  void rowsBecomeObjects() {
    byte[] file = rows("A", 0, 2500, 1000).getBytes(UTF_8);
    JsonNode job = ended(load(NDJSON, "?name=p.ndjson&entity=part", file, "rows"));
    assertThat(job.get("state").asText()).isEqualTo("done");
    assertThat(job.at("/rows/applied").asInt()).as(job.toString()).isEqualTo(2500);
    assertThat(job.at("/received/bytes").asInt()).isEqualTo(file.length);
    assertThat(job.at("/chunks/done").asInt()).isEqualTo(3);
    assertThat(job.get("rowsPerSecond").asInt()).isPositive();
    JsonNode chunks = get("/v1/jobs/" + id(job) + "/chunks?limit=2");
    assertThat(chunks.get("chunks")).hasSize(2);
    JsonNode rest = get("/v1/jobs/" + id(job) + "/chunks?cursor=" + chunks.get("next").asText());
    assertThat(rest.at("/chunks/0/firstRow").asInt()).isEqualTo(2001);
    assertThat(get("/v1/jobs?limit=1000").get("jobs"))
        .extracting(JsonNode::toString)
        .anyMatch(one -> one.contains(id(job)));
    // The same again is the same job, and the same rows in another job change nothing.
    assertThat(id(ended(load(NDJSON, "", file, "rows")))).isEqualTo(id(job));
    JsonNode again = ended(load(NDJSON, "", file, name()));
    assertThat(again.at("/rows/duplicate").asInt()).isEqualTo(2500);
  }

  /** The rows that are wrong can be mended and loaded again, as they stood in the file. */
  @Test
  void wrongRowsAreRejectedOneByOne() {
    String csv =
        """
        Product;ProductType;BaseUnit;LastChangeDateTime;to_Plant.note
        C1;ERSA;EA;/Date(1000+0000)/;
        C2;ERSA;EA
        C3;ERSA;nonsense;/Date(1000+0000)/;"a;b"
        ;ERSA;EA;/Date(1000+0000)/;
        C5;ERSA;EA;/Date(1000+0000)/;
        """;
    JsonNode job = ended(load("text/csv", "?name=parts.csv", csv.getBytes(UTF_8), name()));
    assertThat(job.at("/rows/applied").asInt()).as(job.toString()).isEqualTo(2);
    assertThat(job.at("/rows/rejected").asInt()).isEqualTo(3);
    String path = "/v1/jobs/" + id(job) + "/rejects";
    String lines = hub.send(request(path).GET()).body();
    assertThat(lines.lines().toList()).hasSize(3);
    assertThat(lines).contains("\"row\":2,\"line\":3,\"column\":4,\"code\":\"malformed\"");
    String rejects = hub.send(request(path + "?form=file").GET()).body();
    assertThat(rejects)
        .isEqualTo(
            """
            Product;ProductType;BaseUnit;LastChangeDateTime;to_Plant.note
            C2;ERSA;EA
            C3;ERSA;nonsense;/Date(1000+0000)/;"a;b"
            ;ERSA;EA;/Date(1000+0000)/;
            """);
    JsonNode acknowledgement = get("/v1/jobs/" + id(job) + "/acknowledgement");
    assertThat(acknowledgement.get("firstRejects")).hasSize(3);
    String mended =
        rejects
            .replace("C2;ERSA;EA", "C2;ERSA;EA;/Date(1000+0000)/;")
            .replace("nonsense", "EA")
            .replace("\n;ERSA", "\nC4;ERSA");
    JsonNode second = ended(load("text/csv", "", mended.getBytes(UTF_8), name()));
    assertThat(second.at("/rows/applied").asInt()).as(second.toString()).isEqualTo(3);
    // Nobody changed the mapping: what it refuses it refuses again.
    JsonNode retried =
        ended(hub.send(request("/v1/jobs/" + id(job) + "/retry").POST(BodyPublishers.noBody())));
    assertThat(retried.get("parent").asText()).isEqualTo(id(job));
    assertThat(retried.at("/rows/rejected").asInt()).as(retried.toString()).isEqualTo(3);
    assertThat(hub.send(request("/v1/jobs/" + id(retried) + "/rejects?form=file").GET()).body())
        .isEqualTo(rejects);
  }

  @Test
  void anUploadThatBreaksOffIsGoneOnWith() throws IOException {
    String name = name();
    byte[] file = rows("R", 0, 4000, 1000).getBytes(UTF_8);
    int most = file.length * 3 / 4;
    try (Socket socket = new Socket("127.0.0.1", hub.port())) {
      String head =
          "POST /v1/bulk/sap HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer %s\r\nIdempotency-Key: %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
              .formatted(KEY, name, NDJSON, file.length);
      socket.getOutputStream().write(head.getBytes(UTF_8));
      socket.getOutputStream().write(file, 0, most);
      assertThat(eventually(() -> newest().at("/rows/applied").asInt() >= 2000)).isTrue();
    }
    assertThat(eventually(() -> newest().at("/received/rows").asInt() >= 2000)).isTrue();
    JsonNode job = newest();
    assertThat(job.get("state").asText()).isEqualTo("receiving");
    // What had come when it broke off may still be on its way into Kafka.
    HttpResponse<String> answer = rest(file, name);
    for (int i = 0; i < 5 && answer.statusCode() == 409; i++) {
      answer = rest(file, name);
    }
    JsonNode done = ended(answer);
    assertThat(id(done)).isEqualTo(id(job));
    assertThat(done.at("/rows/applied").asInt()).as(done.toString()).isEqualTo(4000);
    assertThat(done.at("/received/rows").asInt()).isEqualTo(4000);
    assertThat(done.at("/rows/duplicate").asInt()).isZero();
  }

  private static HttpResponse<String> rest(byte[] file, String name) {
    int offset = newest().at("/received/bytes").asInt();
    assertThat(offset).isBetween(1, file.length - 1);
    HttpResponse<String> wrong = load(NDJSON, "?offset=" + (offset + 1), file, name);
    assertThat(wrong.statusCode()).isEqualTo(409);
    assertThat(wrong.body()).contains("offset: expected ");
    return load(NDJSON, "?offset=" + offset, Arrays.copyOfRange(file, offset, file.length), name);
  }

  private static JsonNode newest() {
    return get("/v1/jobs?limit=1").at("/jobs/0");
  }

  private static final String XML_PART =
      "<PublishEvent xmlns=\"https://cmmshub.dev/soap/v1\"><part><externalId>%s</externalId>"
          + "<version>1</version><updatedAt>2026-02-27T16:20:45Z</updatedAt>"
          + "<partNumber>8</partNumber><description>Oil</description><baseUnit>LTR</baseUnit>"
          + "<stocked>0</stocked></part></PublishEvent>";

  private static HttpResponse<String> xml(String file) {
    return hub.send(
        request("/v1/bulk/soap")
            .header("Content-Type", "application/xml")
            .POST(BodyPublishers.ofString(file)));
  }

  @Test
  void zippedFilesAndXmlAreReadToo() throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
      gzip.write(rows("Z", 0, 1200, 1000).getBytes(UTF_8));
    }
    JsonNode job =
        ended(load("application/gzip", "?name=z.ndjson.gz", zipped.toByteArray(), name()));
    assertThat(job.at("/rows/applied").asInt()).as(job.toString()).isEqualTo(1200);
    assertThat(job.at("/received/bytes").asInt()).isZero();
    JsonNode second = ended(xml("<parts>" + XML_PART.formatted("X1") + "</parts>"));
    assertThat(second.at("/rows/applied").asInt()).as(second.toString()).isEqualTo(1);
  }

  @Test
  void aFileThatBreaksIsLoadedUpToThere() {
    HttpResponse<String> answer =
        xml("<parts>" + XML_PART.formatted("B1") + "\n<PublishEvent></parts>");
    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body()).contains("line 2, column ", "broken-file");
    JsonNode job = newest();
    assertThat(job.get("state").asText()).isEqualTo("failed");
    assertThat(job.get("reason").asText()).startsWith("line 2, column ");
    assertThat(eventually(() -> newest().at("/rows/applied").asInt() == 1)).isTrue();
  }

  @Test
  void anOlderRowNeverOverwritesANewerEvent() {
    hub.send(
        request("/v1/events/sap")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(row("V1", 5000))));
    assertThat(eventually(() -> part("V1") != null)).isTrue();
    JsonNode job = ended(load(NDJSON, "", (row("V1", 4000) + '\n').getBytes(UTF_8), name()));
    assertThat(job.at("/rows/stale").asInt()).as(job.toString()).isEqualTo(1);
    assertThat(part("V1").get("sourceVersion").asInt()).isEqualTo(5000);
    ended(load(NDJSON, "", (row("V1", 6000) + '\n').getBytes(UTF_8), name()));
    assertThat(part("V1").get("sourceVersion").asInt()).isEqualTo(6000);
  }

  @Test
  void rowsAboutAnythingElseAreRejected() {
    JsonNode job = ended(load(NDJSON, "?entity=asset", row("W2", 1000).getBytes(UTF_8), name()));
    assertThat(job.at("/rows/rejected").asInt()).as(job.toString()).isEqualTo(1);
  }

  @Test
  void aJobIsPausedResumedAndCancelled() throws Exception {
    String name = name();
    CompletableFuture<HttpResponse<String>> answer =
        HttpClient.newHttpClient()
            .sendAsync(
                request("/v1/bulk/sap")
                    .header("Content-Type", NDJSON)
                    .header("Idempotency-Key", name)
                    .POST(BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(Slow::new)))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(eventually(() -> newest().at("/received/rows").asInt() >= 1000)).isTrue();
    JsonNode job = newest();
    assertThat(act(job, "pause").get("state").asText()).isEqualTo("paused");
    int seen = get("/v1/jobs/" + id(job)).at("/received/rows").asInt();
    pause(500);
    assertThat(get("/v1/jobs/" + id(job)).at("/received/rows").asInt())
        .isBetween(seen, seen + 1000);
    assertThat(act(job, "resume").get("state").asText()).isEqualTo("receiving");
    int paused = get("/v1/jobs/" + id(job)).at("/received/rows").asInt();
    assertThat(
            eventually(
                () -> get("/v1/jobs/" + id(job)).at("/received/rows").asInt() > paused + 1000))
        .isTrue();
    assertThat(act(job, "cancel").get("state").asText()).isEqualTo("cancelled");
    HttpResponse<String> refused = answer.get(20, TimeUnit.SECONDS);
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(409);
    assertThat(act(job, "resume").get("code").asText()).isEqualTo("job-state");
  }

  /** Rows without an end, a thousand in 20 ms. */
  private static final class Slow extends InputStream {
    private byte[] page = new byte[0];
    private int at;
    private int number;

    @Override
    public int read() {
      byte[] one = new byte[1];
      read(one, 0, 1);
      return one[0];
    }

    @Override
    public int read(byte[] bytes, int from, int most) {
      if (at == page.length) {
        pause(20);
        page = rows("S", number, number + 1000, 1000).getBytes(UTF_8);
        number += 1000;
        at = 0;
      }
      int length = Math.min(most, page.length - at);
      System.arraycopy(page, at, bytes, from, length);
      at += length;
      return length;
    }
  }

  private static void pause(long millis) {
    LockSupport.parkNanos(Duration.ofMillis(millis).toNanos());
  }

  /** One of the same tenant, which shares the lane's turns with it. */
  @Test
  void aSmallJobIsNotStuckBehindAHugeOne() throws Exception {
    CompletableFuture<HttpResponse<String>> huge =
        HttpClient.newHttpClient()
            .sendAsync(
                request("/v1/bulk/sap?name=huge")
                    .header("Content-Type", NDJSON)
                    .header("Idempotency-Key", name())
                    .POST(BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(Slow::new)))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(
            eventually(
                () ->
                    newest().get("name").asText().equals("huge")
                        && newest().at("/chunks/done").asInt() >= 2))
        .isTrue();
    JsonNode other = newest();
    JsonNode small = ended(load(NDJSON, "", rows("T", 0, 10, 1000).getBytes(UTF_8), name()));
    assertThat(small.get("state").asText()).isEqualTo("done");
    assertThat(get("/v1/jobs/" + id(other)).get("state").asText()).isEqualTo("receiving");
    act(other, "cancel");
    assertThat(huge.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(409);
  }

  /** The others' uploads find a thread, whatever one tenant sends. */
  @Test
  void oneTenantHasAQuarterOfTheUploads() throws Exception {
    List<CompletableFuture<HttpResponse<String>>> slow = new ArrayList<>();
    List<String> names = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        names.add(name());
        slow.add(
            HttpClient.newHttpClient()
                .sendAsync(
                    request("/v1/bulk/sap?name=slow")
                        .header("Content-Type", NDJSON)
                        .header("Idempotency-Key", names.get(i))
                        .POST(BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(Slow::new)))
                        .build(),
                    HttpResponse.BodyHandlers.ofString()));
      }
      assertThat(eventually(() -> names.stream().allMatch(name -> !named(name).isEmpty())))
          .isTrue();
      HttpResponse<String> fifth = load(NDJSON, "", new byte[0], name());
      assertThat(fifth.statusCode()).as(fifth.body()).isEqualTo(503);
      assertThat(fifth.body()).contains("\"code\":\"busy\"");
      assertThat(fifth.headers().firstValue("Retry-After")).hasValue("5");
    } finally {
      names.forEach(name -> named(name).forEach(job -> act(job, "cancel")));
      for (CompletableFuture<HttpResponse<String>> one : slow) {
        assertThat(one.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(409);
      }
    }
    assertThat(eventually(() -> load(NDJSON, "", new byte[0], name()).statusCode() == 202))
        .isTrue();
  }

  private static JsonNode named(String name) {
    return get("/v1/jobs?system=sap&key=" + name).get("jobs");
  }

  @Test
  void subscribersAreToldAsTheyWish() throws IOException {
    Map<String, List<JsonNode>> told = new ConcurrentHashMap<>();
    HttpServer receiver = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    receiver.createContext(
        "/",
        exchange -> {
          JsonNode body = Json.read(exchange.getRequestBody().readAllBytes());
          told.computeIfAbsent(
                  exchange.getRequestURI().getPath(), p -> new CopyOnWriteArrayList<>())
              .add(body);
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    receiver.start();
    Path secret = SecretFile.of("whsec_YnVsaw==");
    String key = KeyHash.newKey(new SecureRandom());
    String hook =
        "{id: %1$s, to: \"%2$s/%1$s\", events: [part.*], bulk: %1$s, secret: \"{{file:%3$s}}\"}";
    String address = "http://127.0.0.1:" + receiver.getAddress().getPort();
    Files.writeString(
        hub.tenantsFile(),
        "  told:%n    keys: [{id: k, sha256: \"%s\", can: [bulk]}]%n    systems: {sap: {connector: sap-s4hana}}%n    subscriptions:%n"
                .formatted(KeyHash.of(key))
            + Stream.of("each", "digest", "none")
                .map(form -> "      - " + hook.formatted(form, address, secret) + "\n")
                .collect(Collectors.joining()),
        StandardOpenOption.APPEND);
    try {
      assertThat(eventually(() -> hub.tenants().byId("told").isPresent())).isTrue();
      HttpResponse<String> loaded =
          hub.send(
              HttpRequest.newBuilder(hub.address("/v1/bulk/sap"))
                  .header("Authorization", "Bearer " + key)
                  .header("Content-Type", NDJSON)
                  .POST(BodyPublishers.ofString(rows("N", 0, 25, 1000))));
      assertThat(loaded.statusCode()).as(loaded.body()).isEqualTo(202);
      assertThat(
              eventually(
                  () -> told.getOrDefault("/each", List.of()).size() == 25 && told.size() == 2))
          .as("%s", told.keySet())
          .isTrue();
      JsonNode digest = told.get("/digest").get(0);
      assertThat(told.get("/digest")).hasSize(1);
      assertThat(digest.get("objects")).hasSize(25);
      assertThat(digest.get("entity").asText()).isEqualTo("part");
      assertThat(digest.at("/objects/0/externalId").asText()).startsWith("N");
    } finally {
      receiver.stop(0);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/bulk/nobody, application/x-ndjson, 404, unknown-system",
    "/v1/bulk/sap, application/json, 415, unsupported-media-type",
    "/v1/bulk/sap?entity=parts, text/csv, 400, entity",
    "/v1/bulk/sap?offset=-1, text/csv, 400, offset",
    "/v1/bulk/sap?offset=17, text/csv, 409, offset",
    "/v1/bulk/sap, text/csv, 422, broken-file",
  })
  void whatCannotBeTakenIsToldSo(String path, String type, int status, String code) {
    HttpResponse<String> answer =
        hub.send(request(path).header("Content-Type", type).POST(BodyPublishers.noBody()));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains("\"code\":\"" + code + '"');
  }

  @Test
  void anOffsetOfAJobThatIsNotThereMakesNone() {
    String name = name();
    HttpResponse<String> refused = load(NDJSON, "?offset=17", new byte[0], name);
    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(refused.body()).contains("names no job yet");
    assertThat(named(name)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"system\":\"sap\",\"entity\":\"parts\"}|422|entity",
        "{\"system\":\"nobody\",\"entity\":\"part\"}|404|unknown-system",
        "{\"system\":\"sap\"}|422|member",
        "{\"system\":\"sap\",\"entity\":\"part\",\"kind\":null}|422|member",
        "{\"system\":\"sap\",\"entity\":\"part\",\"kind\":\"upload\"}|422|kind",
        "{\"system\":\"sap\",\"entity\":\"part\",\"from\":1}|422|member",
        "{\"system\":\"sap\",\"entity\":\"part\",\"since\":\"x\"}|400|time",
        "{|400|malformed"
      })
  void aBackfillThatCannotBeIsToldSo(String body, int status, String code) {
    HttpResponse<String> answer =
        hub.send(
            request("/v1/jobs")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains("\"code\":\"" + code + '"');
  }
}
