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

  /** What the file's begin says of all rows, to go on with in its middle; null when nothing. */
  default String header() {
    return null;
  }

  /**
   * At which byte of the file a line begins that was not left behind yet.
   *
   * @param line 0 for the end of the file
   * @return 0 when that is unknown
   */
  default long offset(long line) {
    return 0;
  }
}
