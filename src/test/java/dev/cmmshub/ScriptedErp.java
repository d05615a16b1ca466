package dev.cmmshub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * An ERP over HTTP that answers as a test says and keeps what it was asked. Like SAP it gives a
 * CSRF token to whoever asks for one, unless the test answers that too.
 */
public final class ScriptedErp implements AutoCloseable {
  /** No answer at all: the connection stays open until the caller gives up. */
  public static final Answer SILENCE = new Answer(0, "");

  /** The connection ends without an answer. */
  public static final Answer HANG_UP = new Answer(-1, "");

  /** One request. */
  public record Asked(String method, String path, String body, boolean forToken) {}

  /** What it is answered. */
  public record Answer(int status, String body) {}

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final HttpServer server;
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private volatile Function<Asked, Answer> script = one -> new Answer(201, "{}");

  private volatile String location = "";

  public ScriptedErp() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 128);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    Asked one =
        new Asked(
            exchange.getRequestMethod(),
            exchange.getRequestURI().toString(),
            body,
            "Fetch".equals(exchange.getRequestHeaders().getFirst("X-CSRF-Token")));
    asked.add(one);
    Answer answer = script.apply(one);
    if (answer == SILENCE) {
      awaitClose();
    }
    if (answer.status() <= 0) {
      exchange.close();
      return;
    }
    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    if (one.forToken()) {
      exchange.getResponseHeaders().add("X-CSRF-Token", "token");
    }
    if (!location.isEmpty()) {
      exchange.getResponseHeaders().add("Location", location);
    }
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
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

  /** Says what each request is answered from now on. */
  public void answer(Function<Asked, Answer> script) {
    this.script = script;
  }

  /** Each answer names this address from now on. */
  public void redirect(String location) {
    this.location = location;
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Every request, in the order they came. */
  public List<Asked> asked() {
    return asked;
  }

  /** The requests that were to change something. */
  public List<Asked> writes() {
    return asked.stream().filter(one -> !one.method().equals("GET")).toList();
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
