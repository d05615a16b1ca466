package dev.cmmshub.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Which ports of 127.0.0.1 nobody listens on, at the moment of asking. */
final class LoopbackPorts {
  private static final byte[] LOOPBACK = {127, 0, 0, 1};
  private static final int LAST = 65535;

  private LoopbackPorts() {}

  static InetAddress loopback() {
    try {
      return InetAddress.getByAddress(LOOPBACK);
    } catch (java.net.UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }

  static int checked(int port) {
    if (port < 0 || port > LAST) {
      throw new IllegalArgumentException("port: expected 0 to 65535, not " + port);
    }
    return port;
  }

  static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      // Connections of an earlier server that are only waiting to be forgotten do not count.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(loopback(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  static int free() {
    try (ServerSocket socket = new ServerSocket(0, 1, loopback())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("no free port on loopback", e);
    }
  }
}
