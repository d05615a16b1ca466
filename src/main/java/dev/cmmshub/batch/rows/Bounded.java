package dev.cmmshub.batch.rows;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A file that is broken where it becomes too large: what it is zipped to tells nothing of that. */
final class Bounded extends FilterInputStream {
  private final long most;
  private long left;

  Bounded(InputStream file, long most) {
    super(file);
    this.most = most;
    this.left = most;
  }

  @Override
  public int read() throws IOException {
    int one = super.read();
    take(one < 0 ? 0 : 1);
    return one;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    int read = super.read(bytes, from, length);
    take(Math.max(0, read));
    return read;
  }

  private void take(int read) {
    left -= read;
    if (left < 0) {
      throw new BrokenFileException(0, 0, "more than " + most + " bytes are not taken");
    }
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
