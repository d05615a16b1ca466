package dev.cmmshub.faults;

import dev.cmmshub.message.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Posts work orders as an ERP does: what was not answered by 202 is sent again. */
final class LoadClient {
  private static final int ACCEPTED = 202;
  private static final int SERVER_ERROR = 500;
  private static final int FORBIDDEN = 403;
  private static final Duration AGAIN = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofSeconds(150);

  /**
   * One request and its answer.
   *
   * @param status 0 when there was none
   * @param begin as {@link System#nanoTime}
   * @param nanos how long it took
   * @param due when this event was sent for the first time
   * @param port whom it was sent to
   */
  record Attempt(
      String tenant,
      String number,
      String event,
      int status,
      long begin,
      long nanos,
      long due,
      int port) {
    long end() {
      return begin + nanos;
    }
  }

  private final Queue<Attempt> attempts = new ConcurrentLinkedQueue<>();

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private final AtomicLong resent = new AtomicLong();
  private volatile int disabled;
  private final List<Integer> ports = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();

  /** The hub that a connection, which is a thread, sends to; another one after a failure. */
  private final ThreadLocal<Integer> chosen = ThreadLocal.withInitial(connections::getAndIncrement);

  private final Map<String, String> keys;
  private final Ledger ledger;

  /**
   * @param keys the API key of each tenant
   */
  LoadClient(int port, Map<String, String> keys, Ledger ledger) {
    this.ports.add(port);
    this.keys = keys;
    this.ledger = ledger;
  }

  /**
   * From now on there is another hub: connections are spread, and each goes to the next one when
   * there is no answer or a 5xx, as a proxy in front of them would.
   */
  void alsoAt(int port) {
    ports.add(port);
  }

  /** From now on a tenant may be disabled for a while: its events are sent again. */
  void expectDisabled() {
    disabled = FORBIDDEN;
  }

  /** How many attempts were not answered by 202. */
  long resent() {
    return resent.get();
  }

  /**
   * Sends until it is accepted.
   *
   * @throws IllegalStateException when refused, or not accepted within a minute
   */
  void send(ErpMessage message) {
    byte[] body = message.body();
    long begin = System.nanoTime();
    for (int status = post(message, body, begin);
        status != ACCEPTED;
        status = post(message, body, begin)) {
      if (status > 0 && status < SERVER_ERROR && status != disabled) {
        throw new IllegalStateException(message + " was answered by " + status);
      }
      resent.incrementAndGet();
      chosen.set(chosen.get() + 1);
      if (System.nanoTime() - begin > PATIENCE.toNanos()) {
        throw new IllegalStateException(message + " was not accepted within " + PATIENCE);
      }
      LockSupport.parkNanos(AGAIN.toNanos());
    }
  }

  /** Sends once; returns the status, 0 without an answer. */
  int offer(ErpMessage message) {
    return post(message, message.body(), System.nanoTime());
  }

  /** All requests so far, in the order their answers came. */
  List<Attempt> attempts() {
    return List.copyOf(attempts);
  }

  /** The requests that began within a time, as {@link System#nanoTime}. */
  List<Attempt> attempts(long from, long to) {
    return attempts.stream().filter(one -> one.begin() >= from && one.begin() < to).toList();
  }

  private void note(ErpMessage message, String id, int status, long begin, long due, int port) {
    attempts.add(
        new Attempt(
            message.tenant(),
            message.number(),
            message.tenant() + '/' + id,
            status,
            begin,
            System.nanoTime() - begin,
            due,
            port));
  }

  private int post(ErpMessage message, byte[] body, long due) {
    int port = ports.get(Math.floorMod(chosen.get(), ports.size()));
    long begin = System.nanoTime();
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + port + "/v1/events/" + message.system()))
            .header("X-API-Key", keys.get(message.tenant()))
            .header("Content-Type", "application/json")
            .timeout(Duration.ofSeconds(10))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    try {
      // The client's own deadline does not cover a server that stops within its answer.
      HttpResponse<byte[]> answer =
          client
              .sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
              .get(15, TimeUnit.SECONDS);
      if (answer.statusCode() == ACCEPTED) {
        String id = Json.read(answer.body()).get("id").asText();
        ledger.accepted(message.accepted(id));
        note(message, id, ACCEPTED, begin, due, port);
      } else {
        note(message, "", answer.statusCode(), begin, due, port);
      }
      return answer.statusCode();
    } catch (ExecutionException | TimeoutException e) {
      note(message, "", 0, begin, due, port);
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
