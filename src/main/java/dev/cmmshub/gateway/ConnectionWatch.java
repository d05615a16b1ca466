package dev.cmmshub.gateway;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Closes connections that hold a place and send next to nothing: those without a whole head of a
 * request 15 s after they were opened or 30 s after the last answer, and those whose body comes
 * slower than 1 kB a second after 10 s. An idle timeout alone is kept off by a byte now and then.
 * At most so many are open at once; one more is closed at once.
 */
final class ConnectionWatch {
  private static final long FIRST_HEAD_NANOS = Duration.ofSeconds(15).toNanos();
  private static final long NEXT_HEAD_NANOS = Duration.ofSeconds(30).toNanos();
  private static final long BODY_NANOS = Duration.ofSeconds(10).toNanos();
  private static final long SLOWEST_BYTES_A_SECOND = 1024;
  private static final long PERIOD_MS = 1000;

  /** A connection between requests, or one that is being read from, or one that waits for us. */
  private static final class State {
    private volatile HttpServerRequest reading;
    private volatile boolean working;
    private volatile long headNanos = FIRST_HEAD_NANOS;
    private volatile long since = System.nanoTime();

    boolean isTooSlow(long now) {
      HttpServerRequest request = reading;
      if (request == null) {
        return !working && now - since > headNanos;
      }
      long late = now - since - BODY_NANOS;
      return late > 0 && request.bytesRead() < late / 1_000_000_000.0 * SLOWEST_BYTES_A_SECOND;
    }
  }

  private final Map<HttpConnection, State> open = new ConcurrentHashMap<>();
  private final int most;

  ConnectionWatch(int most) {
    this.most = most;
  }

  /** Looks once a second from now on. */
  void start(Vertx vertx) {
    vertx.setPeriodic(PERIOD_MS, timer -> closeSlow());
  }

  void opened(HttpConnection connection) {
    if (open.size() >= most) {
      connection.close();
      return;
    }
    open.put(connection, new State());
    connection.closeHandler(closed -> open.remove(connection));
  }

  /** The head of a request is there. */
  void began(RoutingContext context) {
    HttpServerRequest request = context.request();
    State state = open.get(request.connection());
    if (state != null) {
      state.since = System.nanoTime();
      state.working = true;
      state.reading = request;
      request.end().onComplete(read -> state.reading = null);
      context.addEndHandler(
          answered -> {
            state.since = System.nanoTime();
            state.headNanos = NEXT_HEAD_NANOS;
            state.working = false;
          });
    }
    context.next();
  }

  private void closeSlow() {
    long now = System.nanoTime();
    open.forEach(
        (connection, state) -> {
          if (state.isTooSlow(now)) {
            connection.close();
          }
        });
  }
}
