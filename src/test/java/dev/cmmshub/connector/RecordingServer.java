package dev.cmmshub.connector;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** An HTTP server on a free port that answers as told and remembers what it was asked. */
final class RecordingServer implements AutoCloseable {
  private final HttpServer server;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final Map<String, String> tokenOfSession = new HashMap<>();
  private volatile int status = 200;
  private volatile boolean csrf;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile boolean silent;
  private volatile Pause pause = () -> {};

  /** Something to wait for. */
  interface Pause {
    void await() throws InterruptedException;
  }

  /** One request as it arrived; header names in any case. */
  record Request(String method, String path, Map<String, List<String>> headers, String body) {
    String line() {
      return method + " " + path;
    }

    String header(String name) {
      return headers.entrySet().stream()
          .filter(entry -> entry.getKey().equalsIgnoreCase(name))
          .map(entry -> String.join(", ", entry.getValue()))
          .findFirst()
          .orElse(null);
    }
  }

  RecordingServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  void answer(int status) {
    this.status = status;
  }

  /** As SAP does: a write needs a token and the session cookie it was given with, else 403. */
  void requireCsrf() {
    csrf = true;
  }

  /** Reads requests and answers none. */
  void fallSilent() {
    silent = true;
  }

  /** What is waited for before each answer. */
  void before(Pause pause) {
    this.pause = pause;
  }

  List<Request> requests() {
    return requests;
  }

  Request only() {
    if (requests.size() != 1) {
      throw new AssertionError("expected one request: " + requests);
    }
    return requests.get(0);
  }

  void forget() {
    requests.clear();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    Request request =
        new Request(
            exchange.getRequestMethod(),
            exchange.getRequestURI().toString(),
            Map.copyOf(exchange.getRequestHeaders()),
            body);
    requests.add(request);
    if (silent) {
      awaitClose();
      return;
    }
    try {
      pause.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    int code = csrf ? csrfStatus(request, exchange) : status;
    exchange.getResponseHeaders().add("Location", "/elsewhere");
    exchange.sendResponseHeaders(code, 2);
    exchange.getResponseBody().write("{}".getBytes(StandardCharsets.UTF_8));
    exchange.close();
  }

  private void awaitClose() {
    try {
      closed.await();
    } catch (InterruptedException e) {
      // The server is being stopped, which is what was waited for.
      Thread.currentThread().interrupt();
    }
  }

  private int csrfStatus(Request request, HttpExchange exchange) {
    if ("Fetch".equals(request.header("X-CSRF-Token"))) {
      String session = UUID.randomUUID() + "%3d";
      String token = UUID.randomUUID() + "==";
      tokenOfSession.put(session, token);
      exchange.getResponseHeaders().add("X-CSRF-Token", token);
      exchange
          .getResponseHeaders()
          .add("Set-Cookie", "SAP_SESSIONID_S4H_100=" + session + "; path=/; HttpOnly");
      exchange.getResponseHeaders().add("Set-Cookie", "sap-usercontext=sap-client=100; path=/");
      return 200;
    }
    String cookies = String.valueOf(request.header("Cookie"));
    return tokenOfSession.entrySet().stream()
            .anyMatch(
                pair ->
                    cookies.contains("SAP_SESSIONID_S4H_100=" + pair.getKey())
                        && cookies.contains("sap-usercontext=sap-client=100")
                        && pair.getValue().equals(request.header("X-CSRF-Token")))
        ? 201
        : 403;
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
  }
}
