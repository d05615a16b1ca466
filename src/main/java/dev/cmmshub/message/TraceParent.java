package dev.cmmshub.message;

/**
 * Where an event's way is in a trace: the {@code traceparent} of W3C Trace Context, in version 00.
 */
public record TraceParent(String value) {
  /** The header of HTTP and of Kafka records. */
  public static final String HEADER = "traceparent";

  private static final int LENGTH = 55;
  private static final int SPAN = 36;
  private static final int FLAGS = 53;
  private static final String SAMPLED = "01";

  public TraceParent {
    if (!isOne(value) || !value.startsWith("00-")) {
      throw new IllegalArgumentException("traceparent: expected 00-<32 hex>-<16 hex>-<2 hex>");
    }
  }

  /** A span that is recorded. */
  public static TraceParent of(String traceId, String spanId) {
    return new TraceParent("00-" + traceId + '-' + spanId + '-' + SAMPLED);
  }

  /**
   * What somebody else said, or null when that is none. Of a later version of the specification
   * only what this one has is kept, as it asks for.
   */
  public static TraceParent read(String text) {
    if (!isOne(text)) {
      return null;
    }
    return new TraceParent("00" + text.substring(2, LENGTH));
  }

  private static boolean isOne(String text) {
    return text != null
        && hasLengthOfItsVersion(text)
        && isHex(text, 0, 2)
        && text.charAt(2) == '-'
        && isHex(text, 3, SPAN - 1)
        && isSomething(text, 3, SPAN - 1)
        && text.charAt(SPAN - 1) == '-'
        && isHex(text, SPAN, FLAGS - 1)
        && isSomething(text, SPAN, FLAGS - 1)
        && text.charAt(FLAGS - 1) == '-'
        && isHex(text, FLAGS, LENGTH);
  }

  private static boolean hasLengthOfItsVersion(String text) {
    return text.length() == LENGTH && !text.startsWith("ff")
        || text.length() > LENGTH
            && text.charAt(LENGTH) == '-'
            && !text.startsWith("ff")
            && !text.startsWith("00");
  }

  private static boolean isHex(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  /** An id of zeros alone is none. */
  private static boolean isSomething(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (text.charAt(i) != '0') {
        return true;
      }
    }
    return false;
  }

  public String traceId() {
    return value.substring(3, SPAN - 1);
  }

  public String spanId() {
    return value.substring(SPAN, FLAGS - 1);
  }

  /** Whether spans of this trace are recorded. */
  public boolean sampled() {
    return (Character.digit(value.charAt(LENGTH - 1), 16) & 1) == 1;
  }

  /** The same place of a trace that is not recorded here. */
  public TraceParent unsampled() {
    return sampled() ? new TraceParent(value.substring(0, FLAGS) + "00") : this;
  }

  @Override
  public String toString() {
    return value;
  }
}
