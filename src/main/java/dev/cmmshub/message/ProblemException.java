package dev.cmmshub.message;

/**
 * A request that is answered with a problem document (RFC 9457).
 *
 * <p>The detail says what was expected and what to do; it never repeats the body or a credential.
 */
public class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final int status;
  private final String code;
  private final int retryAfterSeconds;

  public ProblemException(int status, String code, String detail) {
    this(status, code, detail, 0);
  }

  /**
   * @param retryAfterSeconds 0 when trying again would not help
   */
  public ProblemException(int status, String code, String detail, int retryAfterSeconds) {
    super(detail, null, false, false);
    this.status = status;
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  public int status() {
    return status;
  }

  /** Short, stable name of the problem, for machines. */
  public String code() {
    return code;
  }

  public int retryAfterSeconds() {
    return retryAfterSeconds;
  }
}
