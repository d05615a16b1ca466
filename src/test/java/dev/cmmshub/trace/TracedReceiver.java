package dev.cmmshub.trace;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToIntFunction;

/** A system and a webhook in one, which keep the {@code traceparent} of each call. */
final class TracedReceiver implements AutoCloseable {
  /**
   * @param event the event's id
   * @param traceparent or null
   */
  record Call(String path, String event, String traceparent) {
    boolean isHook() {
      return path.startsWith("/hook");
    }
  }

  private final HttpServer server;
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private volatile ToIntFunction<Call> script = call -> 200;

  TracedReceiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 128);
    server.createContext("/", this::take);
    server.start();
  }

  private void take(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    String hook = exchange.getRequestHeaders().getFirst("webhook-id");
    Call call =
        new Call(
            exchange.getRequestURI().getPath(),
            hook == null ? exchange.getRequestHeaders().getFirst("Idempotency-Key") : hook,
            exchange.getRequestHeaders().getFirst("traceparent"));
    calls.add(call);
    exchange.sendResponseHeaders(script.applyAsInt(call), -1);
    exchange.close();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Says what each call is answered from now on. */
  void answer(ToIntFunction<Call> statuses) {
    script = statuses;
  }

  /** What the webhook, or the system, was told of an event. */
  List<Call> of(String event, boolean hook) {
    return calls.stream().filter(one -> event.equals(one.event()) && one.isHook() == hook).toList();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
