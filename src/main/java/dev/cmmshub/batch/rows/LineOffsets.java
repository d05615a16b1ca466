package dev.cmmshub.batch.rows;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Knows at which byte of a file its lines begin. What is not asked for any more is forgotten. */
final class LineOffsets extends FilterInputStream {
  private long[] begins = new long[1 << 12];
  private int count = 1;
  // The line of the first that is known.
  private long first;
  private long position;
  private boolean afterReturn;
  private boolean isUsable;

  /**
   * @param offset of the first byte of this stream
   * @param line that begins there
   * @param isUsable whether anybody can begin at a byte of it
   */
  LineOffsets(InputStream file, long offset, long line, boolean isUsable) {
    super(file);
    this.isUsable = isUsable;
    this.position = offset;
    this.first = line;
    begins[0] = offset;
  }

  /**
   * Where this line begins; 0 when that is unknown. Lines before it are forgotten.
   *
   * @param line 0 for the end of what was read
   */
  long of(long line) {
    if (!isUsable) {
      return 0;
    }
    if (line == 0) {
      return position;
    }
    int at = (int) (line - first);
    if (at < 0 || at >= count) {
      return 0;
    }
    System.arraycopy(begins, at, begins, 0, count - at);
    count -= at;
    first = line;
    return begins[0];
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int from, int most) throws IOException {
    int read = super.read(bytes, from, most);
    if (read > 0) {
      note(bytes, from, from + read);
      position += read;
    }
    return read;
  }

  private void note(byte[] bytes, int from, int to) {
    boolean isAfterReturn = afterReturn;
    for (int i = from; i < to; i++) {
      byte one = bytes[i];
      if (one == '\n') {
        add(position + i + 1 - from);
      } else if (isAfterReturn) {
        // Some readers take it for an end of a line, others do not.
        isUsable = false;
      }
      isAfterReturn = one == '\r';
    }
    afterReturn = isAfterReturn;
  }

  private void add(long begin) {
    if (!isUsable) {
      return;
    }
    if (count == begins.length) {
      begins = Arrays.copyOf(begins, 2 * count);
    }
    begins[count++] = begin;
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
