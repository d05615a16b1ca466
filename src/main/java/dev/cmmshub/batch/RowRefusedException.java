package dev.cmmshub.batch;

/** A record is no event of its system. */
public final class RowRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final String code;

  /**
   * @param code in a word, as the gateway answers
   */
  public RowRefusedException(String code, String reason) {
    super(reason);
    this.code = code;
  }

  public String code() {
    return code;
  }
}
