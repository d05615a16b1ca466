package dev.cmmshub.store;

/**
 * A row that was not taken.
 *
 * @param row counted from 1
 * @param line of the file where it begins
 * @param place of CSV the field, else the character of the line; 0 when unknown
 * @param code such as {@code malformed}, {@code mapping} or {@code schema}
 * @param reason what was expected, in one line
 * @param text the row as it stands in the file, of a long one the begin
 */
public record BulkReject(long row, long line, int place, String code, String reason, String text) {
  private static final int LONGEST_TEXT = 1 << 16;

  public BulkReject {
    text = shown(text);
  }

  /** As much of a row as is kept. */
  public static String shown(String text) {
    if (text.length() <= LONGEST_TEXT) {
      return text;
    }
    // Not half of a character that takes two.
    return text.substring(
        0,
        Character.isHighSurrogate(text.charAt(LONGEST_TEXT - 1)) ? LONGEST_TEXT - 1 : LONGEST_TEXT);
  }
}
