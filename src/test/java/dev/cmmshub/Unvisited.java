package dev.cmmshub;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;

/** A port on loopback where nobody must come. */
public final class Unvisited implements AutoCloseable {
  private static final int PATIENCE_MS = 300;

  private final ServerSocket socket;

  public Unvisited() throws IOException {
    socket = new ServerSocket(0, 128, InetAddress.getByName("127.0.0.1"));
    socket.setSoTimeout(PATIENCE_MS);
  }

  public int port() {
    return socket.getLocalPort();
  }

  /** Whether anybody connected so far; the system accepts connections before it is asked. */
  public boolean wasVisited() throws IOException {
    try {
      socket.accept().close();
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
