package dev.cmmshub.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.cmmshub.message.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The other side: an SAP system (OData V2 with Basic and CSRF pairs of token and cookie), a CMMS
 * (REST with a bearer token) and a receiver that checks webhook signatures. What each took is
 * remembered by the idempotency key, so that a repetition counts once.
 */
public final class Counterparts implements AutoCloseable {
  private static final String SAP_PATH = "/sap/opu/odata/sap/";

  private final ExecutorService threads = Executors.newFixedThreadPool(16);
  private final DemoSecrets secrets;
  private final Set<String> sapSessions = ConcurrentHashMap.newKeySet();
  private final Set<String> taken = ConcurrentHashMap.newKeySet();
  private final Map<String, List<Long>> revisions = new ConcurrentHashMap<>();
  private volatile String locked = "";
  private final HttpServer sap = server();
  private final HttpServer cmms = server();

  public Counterparts(DemoSecrets secrets) {
    this.secrets = secrets;
    sap.createContext(SAP_PATH, this::sap);
    cmms.createContext("/api/v1/", this::cmms);
    cmms.createContext("/hook", this::hook);
    sap.start();
    cmms.start();
  }

  private HttpServer server() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
      server.setExecutor(threads);
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException("no free port on loopback", e);
    }
  }

  public String sapAddress() {
    return "http://127.0.0.1:" + sap.getAddress().getPort();
  }

  public String cmmsAddress() {
    return "http://127.0.0.1:" + cmms.getAddress().getPort();
  }

  /** How many different messages were taken. */
  public int taken() {
    return taken.size();
  }

  /** The CMMS answers 503 for this work order from now on. */
  public void lock(String number) {
    locked = number;
  }

  /** The CMMS takes everything again. */
  public void unlock() {
    locked = "";
  }

  /** The revisions of a work order that the CMMS took, in the order they came. */
  public List<Long> revisions(String number) {
    return revisions.getOrDefault(number, List.of());
  }

  private void sap(HttpExchange exchange) throws IOException {
    String basic =
        Base64.getEncoder()
            .encodeToString(("HUB:" + secrets.sapPassword()).getBytes(StandardCharsets.UTF_8));
    if (!("Basic " + basic).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      answer(exchange, 401, "");
    } else if ("Fetch".equalsIgnoreCase(exchange.getRequestHeaders().getFirst("X-CSRF-Token"))) {
      String session = UUID.randomUUID().toString();
      sapSessions.add(session);
      exchange.getResponseHeaders().set("X-CSRF-Token", "token-" + session);
      exchange.getResponseHeaders().set("Set-Cookie", "SAP_SESSIONID=" + session + "; path=/");
      answer(exchange, 200, "{\"d\":{\"EntitySets\":[]}}");
    } else if (!isPair(exchange)) {
      exchange.getResponseHeaders().set("X-CSRF-Token", "Required");
      answer(exchange, 403, "CSRF token validation failed");
    } else {
      take("sap", exchange);
      answer(exchange, 201, "{\"d\":{\"PurchaseRequisition\":\"10000042\"}}");
    }
  }

  /** A token is worth nothing without the session it was given for. */
  private boolean isPair(HttpExchange exchange) {
    String token = exchange.getRequestHeaders().getFirst("X-CSRF-Token");
    String cookie = exchange.getRequestHeaders().getFirst("Cookie");
    return token != null
        && cookie != null
        && token.startsWith("token-")
        && cookie.contains("SAP_SESSIONID=" + token.substring("token-".length()))
        && sapSessions.contains(token.substring("token-".length()));
  }

  private void cmms(HttpExchange exchange) throws IOException {
    if (!("Bearer " + secrets.cmmsToken())
        .equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      answer(exchange, 401, "");
      return;
    }
    JsonNode data = Json.read(exchange.getRequestBody().readAllBytes()).path("data");
    String number = data.path("number").asText();
    if (!number.isEmpty() && number.equals(locked)) {
      answer(exchange, 503, "{\"error\":\"locked by another user\"}");
      return;
    }
    revisions
        .computeIfAbsent(number, n -> new CopyOnWriteArrayList<>())
        .add(data.path("sourceVersion").asLong());
    take("cmms", exchange);
    answer(exchange, 204, "");
  }

  private void hook(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    try {
      new Webhook(secrets.hookSecret())
          .verify(body, HttpHeaders.of(exchange.getRequestHeaders(), (name, value) -> true));
      taken.add("hook/" + exchange.getRequestHeaders().getFirst("webhook-id"));
      answer(exchange, 204, "");
    } catch (WebhookVerificationException e) {
      answer(exchange, 401, "");
    }
  }

  private void take(String system, HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    taken.add(system + "/" + exchange.getRequestHeaders().getFirst("Idempotency-Key"));
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    exchange.getRequestBody().readAllBytes();
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    sap.stop(0);
    cmms.stop(0);
    threads.shutdownNow();
  }
}
