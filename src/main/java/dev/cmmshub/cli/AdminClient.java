package dev.cmmshub.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.message.Json;
import dev.cmmshub.message.MalformedPayloadException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;

/** Asks a running hub's administration port; its problems become errors of one line. */
final class AdminClient {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int UNAUTHORIZED = 401;

  private final URI base;
  private final AdminCredential credential;
  private final HttpClient client;

  /** The hub said no, with this status and reason. */
  static final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;
    private final int status;

    RefusedException(int status, String reason) {
      super(reason);
      this.status = status;
    }

    int status() {
      return status;
    }
  }

  /**
   * @param authorities whose certificates count for https; empty: those that the system trusts
   */
  AdminClient(URI base, AdminCredential credential, Optional<Path> authorities) {
    this.base = base;
    this.credential = credential;
    HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3));
    authorities.map(TrustedAuthorities::read).ifPresent(builder::sslContext);
    this.client = builder.build();
  }

  JsonNode get(String path, Map<String, String> query) throws IOException, InterruptedException {
    return json(send(request(path, query).GET()));
  }

  /** The bytes themselves, with the version they have as {@code ETag}. */
  HttpResponse<byte[]> bytes(String path) throws IOException, InterruptedException {
    return send(request(path, Map.of()).GET());
  }

  JsonNode post(String path, Map<String, String> query, JsonNode body)
      throws IOException, InterruptedException {
    return post(request(path, query), body);
  }

  /** Only if it still has that version; {@code *} for any. */
  JsonNode post(String path, String version, JsonNode body)
      throws IOException, InterruptedException {
    return post(request(path, Map.of()).header("If-Match", version), body);
  }

  private JsonNode post(HttpRequest.Builder request, JsonNode body)
      throws IOException, InterruptedException {
    return json(
        send(
            request
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.write(body)))));
  }

  JsonNode put(String path, String version, byte[] body) throws IOException, InterruptedException {
    return json(
        send(
            request(path, Map.of())
                .header("If-Match", version)
                .header("Content-Type", "application/octet-stream")
                .PUT(HttpRequest.BodyPublishers.ofByteArray(body))));
  }

  /**
   * Sends a file that somebody wrote.
   *
   * @param file what it is called, for the mistakes in it
   */
  JsonNode upload(String method, String path, Path file, String version, byte[] content)
      throws IOException, InterruptedException {
    return json(
        send(
            request(path, Map.of("name", file.toString()))
                .header("If-Match", version)
                .header("Content-Type", "application/yaml")
                .method(method, HttpRequest.BodyPublishers.ofByteArray(content))));
  }

  private HttpRequest.Builder request(String path, Map<String, String> query) {
    String text =
        query.entrySet().stream()
            .map(entry -> entry.getKey() + '=' + encoded(entry.getValue()))
            .collect(Collectors.joining("&", query.isEmpty() ? "" : "?", ""));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path + text)).timeout(PATIENCE);
    credential.key().ifPresent(key -> request.header("Authorization", "Bearer " + key.value()));
    return request;
  }

  /** A value as part of a path or query. */
  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    try {
      HttpResponse<byte[]> answer =
          client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      if (answer.statusCode() / 100 != 2) {
        throw refused(answer);
      }
      return answer;
    } catch (ConnectException | HttpConnectTimeoutException e) {
      throw new IOException(
          "no hub answers at " + base + ": start it with ./hub run, or name it with --admin", e);
    } catch (SSLException e) {
      throw new IOException(
          "no trusted connection to "
              + base
              + " ("
              + e.getMessage()
              + "): name the authority of its certificate with --ca, and the host as it stands in"
              + " the certificate with --admin",
          e);
    } catch (HttpTimeoutException e) {
      throw new IOException("the hub at " + base + " gives no answer in 2 minutes", e);
    } catch (RefusedException e) {
      throw e;
    } catch (IOException e) {
      // Among these is a port that speaks TLS.
      throw new IOException(
          base + " does not answer as a hub does (" + e.getMessage() + "): is it " + other() + "?",
          e);
    }
  }

  private String other() {
    return "https".equals(base.getScheme()) ? "http" : "https";
  }

  private static JsonNode json(HttpResponse<byte[]> answer) {
    return Json.read(answer.body());
  }

  private RefusedException refused(HttpResponse<byte[]> answer) {
    if (answer.statusCode() == UNAUTHORIZED) {
      return new RefusedException(
          UNAUTHORIZED,
          (credential.key().isPresent()
                  ? "the hub does not take the key of " + credential.from()
                  : "the hub wants a key, and " + credential.from())
              + ": name a key with --key-file or "
              + AdminCredential.VARIABLE);
    }
    String detail;
    try {
      detail = json(answer).path("detail").asText();
    } catch (MalformedPayloadException e) {
      detail = "";
    }
    return new RefusedException(
        answer.statusCode(),
        detail.isEmpty()
            ? answer.uri() + " answered " + answer.statusCode() + ": is a hub there?"
            : detail);
  }
}
