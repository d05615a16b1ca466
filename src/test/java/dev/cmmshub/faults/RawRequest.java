package dev.cmmshub.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A request as bytes, for what no well-behaved client sends. */
final class RawRequest {
  private static final Pattern STATUS = Pattern.compile("^HTTP/1\\.1 ([0-9]{3})");
  private static final int PATIENCE_MS = 30_000;

  /** What comes behind the head; may break off when the server has answered and closed. */
  interface Body {
    void write(OutputStream out) throws IOException;
  }

  /**
   * What the server said, and how long it took from the last byte of the head.
   *
   * @param status 0 when it only closed the connection
   */
  record Answer(int status, String text, double millis) {}

  private RawRequest() {}

  /**
   * @param head request line and headers, lines ended by CR LF, without the empty line
   */
  static Answer send(int port, String head, Body body) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(PATIENCE_MS);
      OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 64 << 10);
      out.write((head + "\r\n\r\n").getBytes(ISO_8859_1));
      out.flush();
      long begin = System.nanoTime();
      try {
        body.write(out);
        out.flush();
      } catch (IOException e) {
        // The server may say no before it has read everything.
      }
      return read(socket.getInputStream(), begin);
    }
  }

  private static Answer read(InputStream in, long begin) {
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    byte[] part = new byte[8 << 10];
    try {
      for (int n = in.read(part); n > 0; n = in.read(part)) {
        read.write(part, 0, n);
        String text = read.toString(ISO_8859_1);
        Matcher status = STATUS.matcher(text);
        if (status.find() && text.contains("\r\n\r\n")) {
          return new Answer(
              Integer.parseInt(status.group(1)), text, (System.nanoTime() - begin) / 1e6);
        }
      }
    } catch (IOException e) {
      // Closed.
    }
    return new Answer(0, read.toString(ISO_8859_1), (System.nanoTime() - begin) / 1e6);
  }
}
