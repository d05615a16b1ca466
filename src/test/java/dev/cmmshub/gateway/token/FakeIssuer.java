package dev.cmmshub.gateway.token;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.jwk.JWK;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** A small identity provider: its OpenID configuration, its keys, and what was asked of it. */
public final class FakeIssuer implements AutoCloseable {
  private final int port;
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private volatile List<JWK> keys;
  private volatile String redirect;

  public FakeIssuer(JWK... keys) {
    this.keys = List.of(keys);
    this.server = open(0);
    this.port = server.getAddress().getPort();
  }

  private HttpServer open(int on) {
    try {
      HttpServer opened =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), on), 10);
      opened.createContext("/", this::answer);
      opened.start();
      return opened;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its {@code iss}. */
  public String issuer() {
    return "http://127.0.0.1:" + port + "/realm";
  }

  String jwks() {
    return issuer() + "/keys";
  }

  /** Paths that were asked for. */
  List<String> asked() {
    return asked;
  }

  /** From now on these are its keys. */
  void rotate(JWK... now) {
    keys = List.of(now);
  }

  /** From now on its keys are said to be elsewhere. */
  void redirect(String elsewhere) {
    redirect = elsewhere;
  }

  void stop() {
    server.stop(0);
  }

  void startAgain() {
    server = open(port);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    asked.add(path);
    String body =
        switch (path) {
          case "/realm/.well-known/openid-configuration" ->
              "{\"issuer\":\"" + issuer() + "\",\"jwks_uri\":\"" + jwks() + "\"}";
          case "/realm/keys" ->
              keys.stream()
                  .map(key -> key.toPublicJWK().toJSONString())
                  .collect(Collectors.joining(",", "{\"keys\":[", "]}"));
          default -> "";
        };
    int status = body.isEmpty() ? 404 : 200;
    if (redirect != null) {
      exchange.getResponseHeaders().add("Location", redirect);
      status = 302;
    }
    byte[] bytes = body.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    stop();
  }
}
