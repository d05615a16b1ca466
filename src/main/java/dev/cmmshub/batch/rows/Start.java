package dev.cmmshub.batch.rows;

/**
 * Where in a file reading begins.
 *
 * @param rows that lie before
 * @param line of the first one to read, from 1
 * @param header what the file's begin said, if that is not read again: names of columns; or null
 */
public record Start(long rows, long line, String header) {
  /** At the begin of the file. */
  public static final Start BEGIN = new Start(0, 1, null);
}
