package dev.cmmshub.batch.rows;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.message.Json;
import dev.cmmshub.message.MalformedPayloadException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** A JSON object a line; what is wrong with one is that line's alone. */
final class NdjsonRows implements Rows {
  /** Of a line that is too long. */
  private static final int SHOWN = 1_000;

  private static final int BUFFER = 1 << 16;
  private static final String BYTE_ORDER_MARK = "\uFEFF";

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
    String text = bytes.toString(UTF_8);
    if (line == 1 && text.startsWith(BYTE_ORDER_MARK)) {
      text = text.substring(1);
    }
    if (text.isBlank()) {
      return null;
    }
    number++;
    if (bytes.size() > longest) {
      return Row.unread(
          number, line, 0, "expected at most " + longest + " bytes", text.substring(0, SHOWN));
    }
    try {
      JsonNode record = Json.read(text.getBytes(UTF_8));
      return record.isObject()
          ? Row.read(number, line, record)
          : Row.unread(number, line, 1, "expected a JSON object", text.strip());
    } catch (MalformedPayloadException e) {
      String reason = e.getMessage().replaceFirst(" \\(line \\d+, column \\d+\\)$", "");
      return Row.unread(number, line, e.column(), reason, text.strip());
    }
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
