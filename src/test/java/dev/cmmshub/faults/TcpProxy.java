package dev.cmmshub.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/** Stands between the hub and a server: delays what passes and resets connections at random. */
final class TcpProxy implements AutoCloseable {
  private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Random random;
  private final int target;
  private volatile Duration delay = Duration.ZERO;
  private volatile double resets;
  private volatile boolean swallowing;
  private volatile int resetCount;

  TcpProxy(int target, long seed) throws IOException {
    this.target = target;
    this.random = new Random(seed);
    threads.execute(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /**
   * @param share of the passing parts that reset their connection instead
   */
  void disturb(Duration longerBy, double share) {
    delay = longerBy;
    resets = share;
  }

  /** Lets nothing pass from now on, and ends no connection; or lets all pass that was held. */
  void swallow(boolean everything) {
    swallowing = everything;
  }

  int resets() {
    return resetCount;
  }

  private void accept() {
    try {
      while (!listener.isClosed()) {
        Socket client = listener.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        open.add(client);
        open.add(server);
        threads.execute(() -> pump(client, server));
        threads.execute(() -> pump(server, client));
      }
    } catch (IOException e) {
      // Closed, or the server is away: the client's connection ends with the proxy.
    }
  }

  private void pump(Socket from, Socket to) {
    byte[] part = new byte[64 << 10];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(part); read >= 0; read = in.read(part)) {
        LockSupport.parkNanos(delay.toNanos());
        while (swallowing && !Thread.currentThread().isInterrupted()) {
          LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
        if (isReset()) {
          // Without lingering the other side sees a reset, not an end.
          from.setSoLinger(true, 0);
          to.setSoLinger(true, 0);
          return;
        }
        out.write(part, 0, read);
      }
    } catch (IOException e) {
      // One side is gone; closing tells the other.
    } finally {
      open.remove(from);
      open.remove(to);
    }
  }

  private synchronized boolean isReset() {
    boolean reset = random.nextDouble() < resets;
    if (reset) {
      resetCount++;
    }
    return reset;
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : open) {
      socket.close();
    }
    threads.shutdownNow();
  }
}
