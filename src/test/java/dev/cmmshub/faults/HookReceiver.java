package dev.cmmshub.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.cmmshub.message.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The tenants' webhooks: notes what they take; can refuse for a while. */
final class HookReceiver implements AutoCloseable {
  /** How a delivery is answered instead of being taken. */
  interface Refusal {
    /** Answers it and closes the exchange, or returns false to have it taken. */
    boolean answer(HttpExchange exchange, JsonNode order) throws IOException;
  }

  private static final String PATH = "/hook/";

  private final ExecutorService threads = Executors.newFixedThreadPool(8);
  private final HttpServer server;
  private final Receipts receipts;
  private final Map<String, Long> firstAt = new ConcurrentHashMap<>();
  private final Map<String, Long> lastOfTenant = new ConcurrentHashMap<>();
  private final AtomicInteger unsigned = new AtomicInteger();
  private volatile Webhook verifier;
  private volatile Refusal refusal = (exchange, order) -> false;
  private volatile Consumer<JsonNode> beforeAnswer = order -> {};

  HookReceiver(Receipts receipts) throws IOException {
    this.receipts = receipts;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 128);
    server.setExecutor(threads);
    server.createContext(PATH, this::take);
    server.start();
  }

  private void take(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    if (!isSigned(exchange, body)) {
      unsigned.incrementAndGet();
      answer(exchange, 401);
      return;
    }
    JsonNode order = Json.read(body);
    if (refusal.answer(exchange, order)) {
      return;
    }
    note(
        exchange.getRequestURI().getPath().substring(PATH.length()),
        exchange.getRequestHeaders().getFirst("webhook-id"),
        order);
    beforeAnswer.accept(order);
    answer(exchange, 204);
  }

  /** By the specification's own library: a time that is 5 minutes off will not do. */
  private boolean isSigned(HttpExchange exchange, byte[] body) {
    if (verifier == null) {
      return true;
    }
    Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    exchange.getRequestHeaders().forEach(headers::put);
    try {
      verifier.verify(
          new String(body, StandardCharsets.UTF_8), HttpHeaders.of(headers, (name, value) -> true));
      return true;
    } catch (WebhookVerificationException e) {
      return false;
    }
  }

  /** From now on deliveries that are not signed with this, now, are answered with 401. */
  void verifyWith(String secret) {
    verifier = new Webhook(secret);
  }

  /** How many deliveries were not. */
  int unsigned() {
    return unsigned.get();
  }

  /** An answer without a body. */
  static void answer(HttpExchange exchange, int status) throws IOException {
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  private void note(String tenant, String id, JsonNode order) {
    lastOfTenant.put(tenant, System.nanoTime());
    boolean first =
        receipts.take(
            new Receipts.Receipt(
                tenant,
                id,
                order.path("tenantId").asText(),
                order.path("number").asText(),
                order.path("sourceVersion").asLong()));
    if (first) {
      firstAt.put(tenant + '/' + id, System.nanoTime());
    }
  }

  String address(String tenant) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + PATH + tenant;
  }

  void setDown(boolean isDown) {
    refuse(order -> isDown);
  }

  /** Says which deliveries are answered with 503 from now on. */
  void refuse(Predicate<JsonNode> orders) {
    refusal =
        (exchange, order) -> {
          if (!orders.test(order)) {
            return false;
          }
          answer(exchange, 503);
          return true;
        };
  }

  /** Says how deliveries are answered from now on. */
  void answerBy(Refusal how) {
    refusal = how;
  }

  /** Does something between a delivery's arrival and its answer. */
  void beforeAnswer(Consumer<JsonNode> work) {
    beforeAnswer = work;
  }

  /** When a tenant was told of anything last, as {@link System#nanoTime}; 0 when never. */
  long lastOf(String tenant) {
    return lastOfTenant.getOrDefault(tenant, 0L);
  }

  /** How many events of a tenant came for the first time within a time. */
  long toldBetween(long from, long to, String tenant) {
    return firstAt.entrySet().stream()
        .filter(one -> one.getKey().startsWith(tenant + '/'))
        .filter(one -> one.getValue() >= from && one.getValue() < to)
        .count();
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
