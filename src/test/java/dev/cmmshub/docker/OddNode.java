package dev.cmmshub.docker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What is in the place of a node when a node behaves as a real one cannot be made to. */
final class OddNode implements AutoCloseable {
  private static final int BACKLOG = 50;

  private final ServerSocket systems = listen();
  private final ServerSocket administration = listen();
  private final List<String> taken = new CopyOnWriteArrayList<>();
  private volatile boolean ready = true;
  private volatile boolean alive = true;
  private volatile boolean hangsUp;

  OddNode() throws IOException {
    serve(systems, this::answerSystem);
    serve(administration, this::answerCheck);
  }

  private static ServerSocket listen() throws IOException {
    return new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
  }

  private interface Answer {
    /** The status, or 0 to close without one. */
    int to(String requestLine);
  }

  private static void serve(ServerSocket server, Answer answer) {
    Thread thread =
        new Thread(
            () -> {
              while (!server.isClosed()) {
                try (Socket socket = server.accept()) {
                  answer(socket, answer);
                } catch (IOException e) {
                  // Closed, or the other side is gone.
                }
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private static void answer(Socket socket, Answer answer) throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
    String first = in.readLine();
    String line = first;
    while (line != null && !line.isEmpty()) {
      line = in.readLine();
    }
    int status = first == null ? 0 : answer.to(first);
    if (status != 0) {
      String text = "HTTP/1.1 " + status + " x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    }
  }

  private int answerSystem(String requestLine) {
    taken.add(requestLine.split(" ")[0]);
    return hangsUp ? 0 : 200;
  }

  private int answerCheck(String requestLine) {
    return (requestLine.contains("/q/health/ready ") ? ready : alive) ? 200 : 503;
  }

  Proxy.Node address() {
    return new Proxy.Node(systems.getLocalPort(), administration.getLocalPort());
  }

  /** What its checks say from now on. */
  void says(boolean isReady, boolean isAlive) {
    ready = isReady;
    alive = isAlive;
  }

  /** From now on it reads a request and closes the connection. */
  void hangUp() {
    hangsUp = true;
  }

  /** The methods of the requests it got. */
  List<String> taken() {
    return List.copyOf(taken);
  }

  @Override
  public void close() throws IOException {
    systems.close();
    administration.close();
  }
}
