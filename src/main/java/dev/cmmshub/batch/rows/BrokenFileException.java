package dev.cmmshub.batch.rows;

/** From this place on the file cannot be read; rows before it were. */
public final class BrokenFileException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final long line;
  private final int column;

  /**
   * @param line from 1, 0 when unknown
   * @param column from 1, 0 when unknown
   */
  public BrokenFileException(long line, int column, String reason) {
    super(reason);
    this.line = line;
    this.column = column;
  }

  public long line() {
    return line;
  }

  public int column() {
    return column;
  }
}
