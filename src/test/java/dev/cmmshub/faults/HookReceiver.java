package dev.cmmshub.faults;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Counts deliveries by {@code tenant/event id}; can be told to refuse for a while. */
final class HookReceiver implements AutoCloseable {
  private final ExecutorService threads = Executors.newFixedThreadPool(8);
  private final HttpServer server;
  private final Map<String, Integer> seen = new ConcurrentHashMap<>();
  private volatile boolean down;

  HookReceiver() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 128);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/hook/", this::take);
    server.start();
  }

  private void take(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    if (!down) {
      String tenant = exchange.getRequestURI().getPath().substring("/hook/".length());
      seen.merge(
          tenant + "/" + exchange.getRequestHeaders().getFirst("webhook-id"), 1, Integer::sum);
    }
    exchange.sendResponseHeaders(down ? 503 : 204, -1);
    exchange.close();
  }

  String address(String tenant) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook/" + tenant;
  }

  Map<String, Integer> seen() {
    return seen;
  }

  void setDown(boolean isDown) {
    down = isDown;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
