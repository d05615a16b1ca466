package dev.cmmshub.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** Which ports of 127.0.0.1 nobody listens on, at the moment of asking. */
public final class LoopbackPorts {
  private static final byte[] LOOPBACK = {127, 0, 0, 1};
  private static final int LAST = 65535;

  /**
   * Systems give outgoing connections the ports above: one that is found free there may be taken
   * before its server listens.
   */
  private static final int FIRST_FREE = 10_240;

  private static final int LAST_FREE = 32_767;
  private static final int TRIES = 1_000;
  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

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

  /**
   * A port nobody listens on, never the same twice in this process.
   *
   * @throws IllegalStateException when none was found
   */
  public static int free() {
    for (int i = 0; i < TRIES; i++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST_FREE, LAST_FREE + 1);
      if (isFree(port) && GIVEN.add(port)) {
        return port;
      }
    }
    throw new IllegalStateException("no free port on loopback in " + TRIES + " tries");
  }
}
