package dev.cmmshub;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.cmmshub.message.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.ToIntFunction;

/** A webhook receiver that answers as a test says and keeps what it took, in the order it came. */
public final class Hooks implements AutoCloseable {
  /**
   * One delivery.
   *
   * @param path the subscription's
   * @param number of the work order
   * @param nanos when it came
   */
  public record Taken(String path, String number, long version, String id, long nanos) {}

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;
  private final List<Taken> taken = new CopyOnWriteArrayList<>();
  private final List<Taken> asked = new CopyOnWriteArrayList<>();
  private volatile ToIntFunction<Taken> answer = one -> 204;
  private volatile int rest;

  public Hooks() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 128);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::take);
    server.start();
  }

  private void take(HttpExchange exchange) throws IOException {
    JsonNode order = Json.read(exchange.getRequestBody().readAllBytes());
    Taken one =
        new Taken(
            exchange.getRequestURI().getPath(),
            order.path("number").asText(),
            order.path("sourceVersion").asLong(),
            exchange.getRequestHeaders().getFirst("webhook-id"),
            System.nanoTime());
    asked.add(one);
    int status = answer.applyAsInt(one);
    if (status < 300) {
      taken.add(one);
    } else if (rest > 0) {
      exchange.getResponseHeaders().set("Retry-After", Integer.toString(rest));
    }
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  /** Says what each delivery is answered from now on. */
  public void answer(ToIntFunction<Taken> status) {
    answer = status;
  }

  /** With each refusal it asks to be left alone so many seconds. */
  public void restAfterRefusal(int seconds) {
    rest = seconds;
  }

  public String address(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  /** What was answered with success, in the order it came. */
  public List<Taken> taken() {
    return taken;
  }

  /** The versions of one work order a path took, in the order they came. */
  public List<Long> versions(String path, String number) {
    return taken.stream()
        .filter(one -> one.path().equals(path) && one.number().equals(number))
        .map(Taken::version)
        .toList();
  }

  /** Every call, refused or not. */
  public List<Taken> asked() {
    return asked;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
