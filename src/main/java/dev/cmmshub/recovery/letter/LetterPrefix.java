package dev.cmmshub.recovery.letter;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How an operator names a letter: its id, or as much of it as is unambiguous.
 *
 * @param lowest the first event id it can mean
 * @param highest the last one
 * @param subscription what the observer's name begins with, if that was said
 */
record LetterPrefix(String text, String lowest, String highest, Optional<String> subscription) {
  private static final Pattern FORM = Pattern.compile("([0-9a-fA-F-]{4,36})(?:@(.{1,100}))?");
  private static final int DIGITS = 32;

  /**
   * Reads it.
   *
   * @throws Refusal when it cannot be the beginning of an id
   */
  static LetterPrefix parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (matcher.matches()) {
      String digits = matcher.group(1).replace("-", "").toLowerCase(Locale.ROOT);
      if (!digits.isEmpty() && digits.length() <= DIGITS) {
        int missing = DIGITS - digits.length();
        return new LetterPrefix(
            text,
            digits + "0".repeat(missing),
            digits + "f".repeat(missing),
            Optional.ofNullable(matcher.group(2)));
      }
    }
    throw new Refusal(
        Refusal.Kind.WRONG,
        "id",
        "'"
            + text
            + "': expected a dead letter's id, or at least its first 4 characters;"
            + " ./hub dead-letter list shows them");
  }
}
