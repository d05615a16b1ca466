package dev.cmmshub.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.message.Json;
import dev.cmmshub.message.MalformedPayloadException;
import dev.cmmshub.tenant.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Asks a hub as a tenant. */
final class TenantClient {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int OK = 2;
  private static final int HUNDRED = 100;

  private final URI hub;
  private final Secret key;
  private final HttpClient client;

  /** The hub said no. */
  static final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;
    private final String code;
    private final long retryAfterSeconds;

    RefusedException(String code, String reason, long retryAfterSeconds) {
      super(reason);
      this.code = code;
      this.retryAfterSeconds = retryAfterSeconds;
    }

    /** The problem's name; empty when it is no problem of a hub. */
    String code() {
      return code;
    }

    /** 0 when the same is refused later too. */
    long retryAfterSeconds() {
      return retryAfterSeconds;
    }
  }

  TenantClient(URI hub, Secret key, Optional<Path> authorities) {
    this.hub = hub;
    this.key = key;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(3));
    authorities.map(TrustedAuthorities::read).ifPresent(builder::sslContext);
    this.client = builder.build();
  }

  JsonNode get(String path) throws IOException, InterruptedException {
    return json(send(request(path).timeout(PATIENCE).GET()));
  }

  JsonNode post(String path, Map<String, String> headers, JsonNode body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        request(path)
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .POST(
                body == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofByteArray(Json.write(body)));
    headers.forEach(request::header);
    return json(send(request));
  }

  /** Takes as long as it takes; to be cancelled when nothing moves. */
  CompletableFuture<JsonNode> send(String path, Map<String, String> headers, BodyPublisher body) {
    HttpRequest.Builder request = request(path).POST(body);
    headers.forEach(request::header);
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(request.build(), BodyHandlers.ofByteArray());
    CompletableFuture<JsonNode> read = answer.thenApply(TenantClient::read);
    read.whenComplete((json, error) -> answer.cancel(true));
    return read;
  }

  private static JsonNode read(HttpResponse<byte[]> answer) {
    if (answer.statusCode() / HUNDRED != OK) {
      throw new UncheckedIOException(refused(answer, answer.body()));
    }
    return Json.read(answer.body());
  }

  /** To be closed. */
  InputStream stream(String path) throws IOException, InterruptedException {
    return send(request(path).GET());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(hub.resolve(path)).header("X-API-Key", key.value());
  }

  private InputStream send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<InputStream> answer;
    try {
      answer = client.send(request.build(), BodyHandlers.ofInputStream());
    } catch (ConnectException | HttpConnectTimeoutException e) {
      throw new IOException(
          "no hub answers at " + hub + ": start it with ./hub run, or name it with --hub", e);
    }
    if (answer.statusCode() / HUNDRED != OK) {
      try (InputStream body = answer.body()) {
        throw refused(answer, body.readAllBytes());
      }
    }
    return answer.body();
  }

  private static JsonNode json(InputStream body) throws IOException {
    try (body) {
      return Json.read(body.readAllBytes());
    }
  }

  private static RefusedException refused(HttpResponse<?> answer, byte[] body) {
    JsonNode problem;
    try {
      problem = Json.read(body);
    } catch (MalformedPayloadException e) {
      problem = Json.mapper().createObjectNode();
    }
    String detail = problem.path("detail").asText();
    return new RefusedException(
        problem.path("code").asText(),
        detail.isEmpty()
            ? answer.uri() + " answered " + answer.statusCode() + ": is a hub there?"
            : detail,
        answer.headers().firstValueAsLong("Retry-After").orElse(0));
  }
}
