package dev.cmmshub.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Connections that send a byte every two seconds, half of them of a head, half of a body. */
final class SlowConnections implements AutoCloseable {
  private static final int PERIOD_MS = 2000;

  private final List<Socket> open = new ArrayList<>();
  private final Thread dripping = new Thread(this::drip, "slow-connections");
  private final long begin = System.nanoTime();
  private volatile boolean stopped;
  private volatile double lastClosed;
  private volatile int left;

  SlowConnections(int port, int count, String key) throws IOException {
    for (int i = 0; i < count; i++) {
      Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(1);
      String head = "POST /v1/events/sap HTTP/1.1\r\nHost: localhost\r\nX-API-Key: " + key + "\r\n";
      String body = "Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n{";
      socket.getOutputStream().write((i % 2 == 0 ? head : head + body).getBytes(ISO_8859_1));
      open.add(socket);
    }
    left = count;
    dripping.start();
  }

  private void drip() {
    while (!stopped && left > 0) {
      open.removeIf(socket -> !takes(socket));
      if (open.size() < left) {
        left = open.size();
        lastClosed = (System.nanoTime() - begin) / 1e9;
      }
      LockSupport.parkNanos(Duration.ofMillis(PERIOD_MS).toNanos());
    }
  }

  /** Whether the other side still takes a byte. */
  private static boolean takes(Socket socket) {
    try {
      socket.getOutputStream().write(' ');
      return socket.getInputStream().read() >= 0;
    } catch (java.net.SocketTimeoutException e) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** How many are still open. */
  int left() {
    return left;
  }

  /** Seconds until the last one was found closed. */
  double lastClosed() {
    return lastClosed;
  }

  @Override
  public void close() throws Exception {
    stopped = true;
    dripping.join();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
