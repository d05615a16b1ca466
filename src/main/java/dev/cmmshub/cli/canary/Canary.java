package dev.cmmshub.cli.canary;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.message.Json;
import dev.cmmshub.message.MalformedPayloadException;
import dev.cmmshub.tenant.Secret;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Sends a record in at the hub's door as an ERP does, and asks there until it has gone its way. It
 * knows nothing but the address and a key, so that what it finds is what a sender would.
 */
public final class Canary {
  /** Stands in a body for a number that no flight before had: milliseconds since 1970. */
  public static final String MILLIS = "{{millis}}";

  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final long FIRST_LOOK_MS = 20;
  private static final long SLOWEST_LOOK_MS = 500;
  private static final int ACCEPTED = 202;
  private static final int OK = 200;

  /** None of these is left without a hand. */
  private static final List<String> ENDED = List.of("dead-lettered", "discarded", "superseded");

  private final HttpClient client;
  private final URI hub;
  private final Secret key;
  private final String system;
  private final String body;

  /**
   * @param hub such as {@code https://hub.example.com}
   * @param key a tenant's, with the scopes publish and read
   * @param body JSON or XML in which {@link #MILLIS} stands where the version is
   */
  public Canary(HttpClient client, URI hub, Secret key, String system, String body) {
    this.client = client;
    this.hub = hub;
    this.key = key;
    this.system = system;
    this.body = body;
  }

  /**
   * Lets it fly once. Whatever happens is told in the flight.
   *
   * @param to {@code applied} or {@code delivered}
   */
  public Flight fly(String to, Duration within) throws InterruptedException {
    Instant begin = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    long from = System.nanoTime();
    String id = "";
    String status = "";
    try {
      id = post(begin);
      long pause = FIRST_LOOK_MS;
      while (System.nanoTime() - from < within.toNanos()) {
        status = status(id);
        if (hasArrived(status, to)) {
          return new Flight(begin, id, status, since(from), "");
        }
        if (ENDED.contains(status)) {
          return new Flight(begin, id, status, since(from), "it is " + status);
        }
        TimeUnit.MILLISECONDS.sleep(pause);
        pause = Math.min(SLOWEST_LOOK_MS, pause * 2);
      }
      return new Flight(
          begin, id, status, since(from), "not " + to + " within " + within.toSeconds() + " s");
    } catch (IOException e) {
      return new Flight(begin, id, status, since(from), Refusal.of(hub, e));
    }
  }

  private static boolean hasArrived(String status, String to) {
    return status.equals("delivered") || status.equals(to);
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }

  private String post(Instant now) throws IOException, InterruptedException {
    String text = body.replace(MILLIS, Long.toString(now.toEpochMilli()));
    HttpResponse<byte[]> answer =
        send(
            request("/v1/events/" + system)
                .header(
                    "Content-Type",
                    text.stripLeading().startsWith("<") ? "application/xml" : "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(text.getBytes(UTF_8))));
    return told(answer, ACCEPTED, "id");
  }

  /** Empty until a node knows it. */
  private String status(String id) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer = send(request("/v1/events/" + id).GET());
    return answer.statusCode() == 404 ? "" : told(answer, OK, "status");
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(hub.resolve(path))
        .timeout(ANSWER)
        .header("X-API-Key", key.value());
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private static String told(HttpResponse<byte[]> answer, int expected, String field)
      throws IOException {
    JsonNode document;
    try {
      document = Json.read(answer.body());
    } catch (MalformedPayloadException e) {
      throw new Refusal("HTTP " + answer.statusCode() + ": no hub answers so");
    }
    if (answer.statusCode() != expected || !document.has(field)) {
      throw new Refusal(
          ("HTTP " + answer.statusCode() + ": " + document.path("detail").asText()).strip());
    }
    return document.get(field).asText();
  }
}
