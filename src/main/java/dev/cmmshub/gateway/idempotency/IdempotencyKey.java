package dev.cmmshub.gateway.idempotency;

import dev.cmmshub.message.ProblemException;

/**
 * The header {@code Idempotency-Key}: a string of RFC 9651 ({@code "8e03978e"}), or its characters
 * without the quotation marks, which means the same.
 *
 * <p>Source: draft-ietf-httpapi-idempotency-key-header-07, section 2.1.
 */
public final class IdempotencyKey {
  private static final int LONGEST = 255;

  private IdempotencyKey() {}

  /**
   * The key itself.
   *
   * @throws ProblemException 400 when it is empty, too long or not closed
   */
  public static String parse(String header) {
    String text = header.strip();
    String key = text.startsWith("\"") ? unquote(text) : text;
    if (key.isBlank()
        || key.length() > LONGEST
        || !key.chars().allMatch(c -> c >= ' ' && c < 0x7F)) {
      throw wrong();
    }
    return key;
  }

  private static String unquote(String text) {
    StringBuilder key = new StringBuilder(text.length());
    for (int i = 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        if (i == text.length() - 1) {
          return key.toString();
        }
        throw wrong();
      }
      if (c == '\\') {
        i++;
        c = i < text.length() ? text.charAt(i) : ' ';
        if (c != '"' && c != '\\') {
          throw wrong();
        }
      }
      key.append(c);
    }
    throw wrong();
  }

  private static ProblemException wrong() {
    return new ProblemException(
        400,
        "idempotency-key",
        "Idempotency-Key: expected 1 to 255 printable ASCII characters, in quotation marks or not");
  }
}
