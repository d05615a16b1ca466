package dev.cmmshub.faults;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Two webhooks whose addresses hold a version: {@code /v7/a} and {@code /v7/b}. */
final class PairReceiver implements AutoCloseable {
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, Set<String>> told = new ConcurrentHashMap<>();
  private final HttpServer server;

  PairReceiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 128);
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          told.computeIfAbsent(
                  exchange.getRequestHeaders().getFirst("webhook-id"),
                  id -> ConcurrentHashMap.newKeySet())
              .add(exchange.getRequestURI().getPath());
          HookReceiver.answer(exchange, 204);
        });
    server.start();
  }

  String address(int version, String which) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v" + version + "/" + which;
  }

  /** The paths each event was sent to. */
  Map<String, Set<String>> told() {
    return told;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
