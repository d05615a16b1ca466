package dev.cmmshub.gateway;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The body of a request, to be read by a thread that may wait. While nobody reads, the sender is
 * not read from either: little is in memory, however much comes.
 */
final class BodyStream extends InputStream {
  /** Of buffers that are as large as the connection's reads: some 64 kB. */
  private static final int MOST_WAITING = 8;

  private final HttpServerRequest request;
  private final Context loop;
  private final Deque<Buffer> waiting = new ArrayDeque<>();
  private boolean asked;
  private boolean paused;
  private boolean ended;
  private boolean closed;
  private Throwable broken;
  private Buffer current;
  private int at;

  /** To be made on the request's event loop, before any of its body was read. */
  BodyStream(HttpServerRequest request, Context loop) {
    this.request = request;
    this.loop = loop;
    request.handler(this::came);
    request.endHandler(nothing -> end(null));
    request.exceptionHandler(this::end);
    request.pause();
    this.paused = true;
  }

  private synchronized void came(Buffer buffer) {
    if (closed) {
      return;
    }
    waiting.add(buffer);
    if (waiting.size() >= MOST_WAITING && !paused) {
      paused = true;
      request.pause();
    }
    notifyAll();
  }

  private synchronized void end(Throwable why) {
    ended = true;
    broken = why;
    notifyAll();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int from, int most) throws IOException {
    if (most == 0) {
      return 0;
    }
    if (current == null || at == current.length()) {
      current = next();
      at = 0;
      if (current == null) {
        return -1;
      }
    }
    int length = Math.min(most, current.length() - at);
    current.getBytes(at, at + length, bytes, from);
    at += length;
    return length;
  }

  private synchronized Buffer next() throws IOException {
    while (true) {
      Buffer next = waiting.poll();
      if (paused && waiting.size() <= MOST_WAITING / 2) {
        paused = false;
        loop.runOnContext(nothing -> goOn());
      }
      if (next != null) {
        return next;
      }
      if (broken != null) {
        throw new IOException("the upload broke off", broken);
      }
      if (ended) {
        return null;
      }
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("the hub stops", e);
      }
    }
  }

  /** Asks a sender that waits for leave to send; once. */
  private void goOn() {
    if (!asked) {
      asked = true;
      if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
        request.response().writeContinue();
      }
    }
    request.resume();
  }

  /** What still comes is thrown away. */
  @Override
  public synchronized void close() {
    closed = true;
    waiting.clear();
  }

  /** Whether all of it has come. */
  synchronized boolean isEnded() {
    return ended;
  }
}
