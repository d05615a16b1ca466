package dev.cmmshub.gateway.token;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.egress.Egress;
import dev.cmmshub.egress.EgressTarget;
import dev.cmmshub.message.Json;
import dev.cmmshub.message.MalformedPayloadException;
import dev.cmmshub.tenant.TokenIssuer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Fetches an issuer's keys. Connects to the address that {@link Egress} gives and to no other,
 * follows no redirects, reads 256 kB at most and gives up after 10 s. Blocks.
 */
final class IssuerClient implements AutoCloseable {
  private static final int CONNECT_TIMEOUT_MS = 3000;
  private static final long IDLE_MS = 5000;
  private static final long LONGEST_MS = 10_000;
  private static final int LARGEST = 256 << 10;
  private static final int OK = 200;

  private final HttpClient client;
  private final Egress egress;

  IssuerClient(Vertx vertx, Egress egress) {
    this.egress = egress;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions().setConnectTimeout(CONNECT_TIMEOUT_MS).setKeepAlive(false));
  }

  /**
   * The keys as they are now.
   *
   * @throws IOException saying what the issuer does instead of answering
   * @throws IllegalArgumentException when the answer is not what it should be
   */
  KeySet fetch(EgressTarget target, TokenIssuer issuer) throws IOException, InterruptedException {
    URI jwks = issuer.jwks().isPresent() ? issuer.jwks().get() : discover(target, issuer.issuer());
    return new KeySet(get(target, jwks));
  }

  /** By OpenID Connect Discovery 1.0, 4. */
  private URI discover(EgressTarget target, String issuer)
      throws IOException, InterruptedException {
    URI address = URI.create(issuer.replaceFirst("/$", "") + "/.well-known/openid-configuration");
    JsonNode configuration;
    try {
      configuration = Json.read(get(target, address));
    } catch (MalformedPayloadException e) {
      throw new IllegalArgumentException(address + " is " + e.getMessage(), e);
    }
    if (!configuration.path("issuer").asText().equals(issuer)) {
      throw new IllegalArgumentException(
          address + " is of another issuer: expected '" + issuer + "', character by character");
    }
    return TokenIssuer.address(configuration.path("jwks_uri").asText());
  }

  private byte[] get(EgressTarget target, URI address) throws IOException, InterruptedException {
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setAbsoluteURI(address.toString())
            .setFollowRedirects(false)
            .setTimeout(IDLE_MS)
            .putHeader("Accept", "application/json");
    InetAddress checked = egress.require(target, options.getHost());
    options.setServer(
        SocketAddress.inetSocketAddress(new InetSocketAddress(checked, options.getPort())));
    HttpClientRequest request = await(client.request(options), address);
    try {
      return await(request.send().compose(answer -> body(answer, request)), address).getBytes();
    } finally {
      // Whatever else it would send.
      request.reset();
    }
  }

  private static Future<Buffer> body(HttpClientResponse answer, HttpClientRequest request) {
    if (answer.statusCode() != OK) {
      return Future.failedFuture("status " + answer.statusCode());
    }
    Promise<Buffer> body = Promise.promise();
    Buffer read = Buffer.buffer();
    answer.exceptionHandler(body::tryFail);
    answer.handler(
        part -> {
          if (read.length() + part.length() > LARGEST) {
            body.tryFail("more than 256 kB");
            request.reset();
          } else {
            read.appendBuffer(part);
          }
        });
    answer.endHandler(end -> body.tryComplete(read));
    return body.future();
  }

  private static <T> T await(Future<T> future, URI address)
      throws IOException, InterruptedException {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(LONGEST_MS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IOException(address + ": " + e.getCause().getMessage(), e);
    } catch (TimeoutException e) {
      throw new IOException(address + ": no answer within 10 s", e);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
