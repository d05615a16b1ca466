package dev.cmmshub.message;

/** The bytes are not what their content type says; line and column are 1-based, 0 when unknown. */
public final class MalformedPayloadException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final int line;
  private final int column;

  public MalformedPayloadException(String reason, int line, int column) {
    super(line > 0 ? reason + " (line " + line + ", column " + column + ")" : reason);
    this.line = line;
    this.column = column;
  }

  public int line() {
    return line;
  }

  public int column() {
    return column;
  }
}
