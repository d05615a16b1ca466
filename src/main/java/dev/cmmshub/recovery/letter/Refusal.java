package dev.cmmshub.recovery.letter;

/** Why something an operator asked for was not done; nothing has changed then. */
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What the operator can do about it. */
  public enum Kind {
    /** What was asked is not a valid request. */
    WRONG,
    /** There is no such letter. */
    UNKNOWN,
    /** Somebody else was quicker, or several letters are meant. */
    CONFLICT,
    /** The payload is not acceptable. */
    UNACCEPTABLE
  }

  private final Kind kind;
  private final String code;

  /**
   * @param code short and stable, for machines
   * @param reason what was expected and what to do
   */
  public Refusal(Kind kind, String code, String reason) {
    super(reason, null, false, false);
    this.kind = kind;
    this.code = code;
  }

  public Kind kind() {
    return kind;
  }

  public String code() {
    return code;
  }
}
