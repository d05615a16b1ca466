package dev.cmmshub.batch.rows;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.message.Json;
import dev.cmmshub.message.MalformedPayloadException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;

/** A JSON object a line; what is wrong with one is that line's alone. */
final class NdjsonRows implements Rows {
  /** Of a line that is too long. */
  private static final int SHOWN = 1_000;

  private static final int BUFFER = 1 << 16;
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  private final LineOffsets file;
  private final int longest;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final byte[] buffer = new byte[BUFFER];
  private int at;
  private int filled;
  private long line;
  private long number;

  NdjsonRows(LineOffsets file, int longest, Start start) {
    this.file = file;
    this.longest = longest;
    this.line = start.line() - 1;
    this.number = start.rows();
  }

  @Override
  public Row next() throws IOException {
    while (true) {
      boolean isLast = readLine();
      Row row = row();
      if (row != null || isLast) {
        return row;
      }
    }
  }

  /** Whether the file ended with this line; what is beyond the longest is left out but for one. */
  private boolean readLine() throws IOException {
    bytes.reset();
    line++;
    while (true) {
      if (at == filled) {
        filled = file.read(buffer);
        at = 0;
        if (filled < 0) {
          filled = 0;
          return true;
        }
      }
      int end = at;
      while (end < filled && buffer[end] != '\n') {
        end++;
      }
      bytes.write(buffer, at, Math.min(end - at, longest + 1 - bytes.size()));
      at = end;
      if (end < filled) {
        at++;
        return false;
      }
    }
  }

  /** Null for a line with nothing in it. */
  private Row row() {
    byte[] found = bytes.toByteArray();
    if (line == 1 && startsWithMark(found)) {
      found = Arrays.copyOfRange(found, BYTE_ORDER_MARK.length, found.length);
    }
    if (isBlank(found)) {
      return null;
    }
    number++;
    if (bytes.size() > longest) {
      return Row.unread(
          number, line, 0, "expected at most " + longest + " bytes", text(found, SHOWN));
    }
    try {
      JsonNode record = Json.read(found);
      return isPlain(found)
          ? Row.read(number, line, record, found)
          : Row.read(number, line, record);
    } catch (MalformedPayloadException e) {
      String reason = e.getMessage().replaceFirst(" \\(line \\d+, column \\d+\\)$", "");
      return Row.unread(number, line, e.column(), reason, text(found, found.length));
    }
  }

  /** Whether its bytes can stand within other JSON: the parser takes UTF-16 and marks too. */
  private static boolean isPlain(byte[] found) {
    int at = 0;
    while (found[at] == ' ' || found[at] == '\t' || found[at] == '\r') {
      at++;
    }
    return found[at] == '{' && at + 1 < found.length && found[at + 1] != 0;
  }

  private static boolean startsWithMark(byte[] found) {
    return found.length >= BYTE_ORDER_MARK.length
        && Arrays.equals(
            found, 0, BYTE_ORDER_MARK.length, BYTE_ORDER_MARK, 0, BYTE_ORDER_MARK.length);
  }

  private static boolean isBlank(byte[] found) {
    for (byte one : found) {
      if (one != ' ' && one != '\t' && one != '\r') {
        return false;
      }
    }
    return true;
  }

  private static String text(byte[] found, int most) {
    return new String(found, 0, Math.min(most, found.length), UTF_8).strip();
  }

  @Override
  public long offset(long of) {
    return file.of(of);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
