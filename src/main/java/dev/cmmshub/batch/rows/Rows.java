package dev.cmmshub.batch.rows;

import java.io.Closeable;
import java.io.IOException;

/** The rows of a file, one after the other; at most one of them is in memory. */
public interface Rows extends Closeable {
  /**
   * The next one.
   *
   * @return null behind the last
   * @throws BrokenFileException when nothing behind this place can be read
   * @throws IOException when the bytes cannot be had
   */
  Row next() throws IOException;
}
