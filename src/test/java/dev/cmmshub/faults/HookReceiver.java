package dev.cmmshub.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.cmmshub.message.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Counts what the tenants' webhooks get by {@code tenant/event id}; can refuse for a while. */
final class HookReceiver implements AutoCloseable {
  private static final String PATH = "/hook/";

  private final ExecutorService threads = Executors.newFixedThreadPool(8);
  private final HttpServer server;
  private final Map<String, Integer> seen = new ConcurrentHashMap<>();
  private final Map<String, Long> newest = new ConcurrentHashMap<>();
  private final Set<String> backwards = ConcurrentHashMap.newKeySet();
  private final Set<String> foreign = ConcurrentHashMap.newKeySet();
  private final Map<String, Long> firstAt = new ConcurrentHashMap<>();
  private final Map<String, Long> lastOfTenant = new ConcurrentHashMap<>();
  private volatile Predicate<JsonNode> refused = order -> false;
  private volatile Consumer<JsonNode> beforeAnswer = order -> {};

  HookReceiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 128);
    server.setExecutor(threads);
    server.createContext(PATH, this::take);
    server.start();
  }

  private void take(HttpExchange exchange) throws IOException {
    JsonNode order = Json.read(exchange.getRequestBody().readAllBytes());
    boolean refuse = refused.test(order);
    if (!refuse) {
      note(
          exchange.getRequestURI().getPath().substring(PATH.length()),
          exchange.getRequestHeaders().getFirst("webhook-id"),
          order);
    }
    beforeAnswer.accept(order);
    exchange.sendResponseHeaders(refuse ? 503 : 204, -1);
    exchange.close();
  }

  private void note(String tenant, String id, JsonNode order) {
    lastOfTenant.put(tenant, System.nanoTime());
    String event = tenant + '/' + id;
    if (!tenant.equals(order.path("tenantId").asText())) {
      foreign.add(event + " is of " + order.path("tenantId"));
    }
    // A receiver drops what it had before: only a first delivery can turn an object back.
    if (seen.merge(event, 1, Integer::sum) == 1) {
      firstAt.put(event, System.nanoTime());
      long version = order.path("sourceVersion").asLong();
      String object = tenant + '/' + order.path("number").asText();
      if (newest.merge(object, version, Math::max) != version) {
        backwards.add(object + " went back to " + version);
      }
    }
  }

  String address(String tenant) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + PATH + tenant;
  }

  /** How often each event came. */
  Map<String, Integer> seen() {
    return seen;
  }

  /** Objects whose older version first came after a newer one. */
  Set<String> backwards() {
    return backwards;
  }

  /** Deliveries of one tenant's object to another tenant. */
  Set<String> foreign() {
    return foreign;
  }

  void setDown(boolean isDown) {
    refuse(order -> isDown);
  }

  /** Says which deliveries are answered with 503 from now on. */
  void refuse(Predicate<JsonNode> orders) {
    refused = orders;
  }

  /** Does something between a delivery's arrival and its answer. */
  void beforeAnswer(Consumer<JsonNode> work) {
    beforeAnswer = work;
  }

  /** When a tenant was told of anything last, as {@link System#nanoTime}; 0 when never. */
  long lastOf(String tenant) {
    return lastOfTenant.getOrDefault(tenant, 0L);
  }

  /** When each event came first, as {@link System#nanoTime}. */
  Map<String, Long> firstAt() {
    return firstAt;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
