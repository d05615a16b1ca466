package dev.cmmshub.connector;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.cmmshub.message.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A system that is polled: answers pages of its records over HTTP in its own wire format, to who
 * signs in as it demands, and remembers what it was asked.
 */
public abstract class PolledErp implements AutoCloseable {
  /** Whatever it is in real life, nobody may find it in a log. */
  public static final String SECRET = "p&a+s%20s{{w}}ü\"'=?#";

  private final ExecutorService threads = Executors.newFixedThreadPool(4);
  private final HttpServer server;
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private volatile int status = 200;
  private volatile String rawAnswer;
  private volatile Runnable afterPage = () -> {};

  PolledErp() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** The page of a request, or null when the system would not understand it. */
  abstract JsonNode page(HttpExchange exchange, JsonNode body);

  /** What the header Authorization has to say. */
  abstract String authorization();

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Answers this status to everything from now on; 200 is the way back. */
  public void answer(int newStatus) {
    status = newStatus;
  }

  /** Answers these bytes as 200 instead of a page; null is the way back. */
  public void answerRaw(String bytes) {
    rawAnswer = bytes;
  }

  /** Runs once, after the next page was made and before it is sent. */
  public void afterPage(Runnable change) {
    afterPage = change;
  }

  /** Request lines and bodies, decoded, in the order they came. */
  public List<String> asked() {
    return asked;
  }

  private void handle(HttpExchange exchange) throws IOException {
    String text = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    asked.add(
        exchange.getRequestMethod()
            + ' '
            + URLDecoder.decode(exchange.getRequestURI().toString(), StandardCharsets.UTF_8)
            + (text.isEmpty() ? "" : ' ' + text));
    String given = exchange.getRequestHeaders().getFirst("Authorization");
    // The server of the JDK reads headers as Latin-1.
    String latin =
        new String(authorization().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    boolean known = authorization().equals(given) || latin.equals(given);
    JsonNode page =
        status == 200 && known ? page(exchange, text.isEmpty() ? null : read(text)) : null;
    int code = status != 200 ? status : known ? page == null ? 400 : 200 : 401;
    byte[] answer =
        rawAnswer != null
            ? rawAnswer.getBytes(StandardCharsets.UTF_8)
            : page == null
                ? "{\"error\":\"no\"}".getBytes(StandardCharsets.UTF_8)
                : Json.write(page);
    Runnable change = afterPage;
    if (page != null) {
      afterPage = () -> {};
      change.run();
    }
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    // Names that would steer the hub, were they let in.
    exchange.getResponseHeaders().add("kafka.OVERRIDE_TOPIC", "elsewhere");
    exchange.getResponseHeaders().add("ce_tenantid", "other");
    exchange.getResponseHeaders().add("Set-Cookie", "session=" + code);
    exchange.sendResponseHeaders(code, answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  private static JsonNode read(String text) {
    return Json.read(text.getBytes(StandardCharsets.UTF_8));
  }

  static Map<String, String> query(URI address) {
    Map<String, String> query = new HashMap<>();
    if (address.getRawQuery() != null) {
      for (String pair : address.getRawQuery().split("&")) {
        int equals = pair.indexOf('=');
        query.put(
            URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return query;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
