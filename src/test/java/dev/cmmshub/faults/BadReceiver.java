package dev.cmmshub.faults;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Webhooks that answer in every way but the right one, each by its path, for one event. */
final class BadReceiver implements AutoCloseable {
  static final int FAILS = 3;
  private static final int PART = 8 << 10;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, List<Long>> asked = new ConcurrentHashMap<>();
  private final AtomicLong endless = new AtomicLong();
  private final HttpServer server;
  private volatile boolean back;

  BadReceiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    server.setExecutor(threads);
    on("/failing", exchange -> failAtFirst(exchange, 500));
    on("/busy", this::beBusy);
    on("/silent", this::saySomethingElseLater);
    on("/moved", this::move);
    on("/elsewhere", exchange -> HookReceiver.answer(exchange, 204));
    on("/endless", this::neverEnd);
    on("/gone", exchange -> HookReceiver.answer(exchange, back ? 204 : 410));
    server.start();
  }

  private void on(String path, HttpHandler handler) {
    server.createContext(
        path,
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          asked.computeIfAbsent(path, p -> new CopyOnWriteArrayList<>()).add(System.nanoTime());
          handler.handle(exchange);
        });
  }

  private boolean isLate(HttpExchange exchange, int times) {
    return asked.get(exchange.getHttpContext().getPath()).size() > times;
  }

  private void failAtFirst(HttpExchange exchange, int status) throws IOException {
    HookReceiver.answer(exchange, isLate(exchange, FAILS) ? 204 : status);
  }

  private void beBusy(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().add("Retry-After", "3");
    HookReceiver.answer(exchange, isLate(exchange, 1) ? 204 : 429);
  }

  private void saySomethingElseLater(HttpExchange exchange) throws IOException {
    if (isLate(exchange, 1)) {
      HookReceiver.answer(exchange, 204);
    } else {
      LockSupport.parkNanos(Duration.ofSeconds(14).toNanos());
      exchange.close();
    }
  }

  private void move(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().add("Location", address("/elsewhere"));
    failAtFirst(exchange, 307);
  }

  /** Slowly, so that what is written is about what was read. */
  private void neverEnd(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream body = exchange.getResponseBody()) {
      while (true) {
        body.write(new byte[PART]);
        body.flush();
        endless.addAndGet(PART);
        LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
      }
    }
  }

  String address(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  /** Who was gone is there again. */
  void comeBack() {
    back = true;
  }

  /** How often a path was asked. */
  int times(String path) {
    return asked.getOrDefault(path, List.of()).size();
  }

  /** How long after one another a path was asked, in seconds. */
  List<Double> pauses(String path) {
    List<Long> at = List.copyOf(asked.getOrDefault(path, List.of()));
    return java.util.stream.IntStream.range(1, at.size())
        .mapToObj(i -> (at.get(i) - at.get(i - 1)) / 1e9)
        .toList();
  }

  /** How many bytes of the answer without an end could be written. */
  long endless() {
    return endless.get();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
