package dev.cmmshub.transform;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What JSLT allows and a mapping of the hub must not do: compute in doubles, and give another
 * result for the same input tomorrow.
 */
final class MappingRules {
  private static final Map<String, String> OPERATORS =
      Map.of("*", "multiply(a, b)", "/", "divide(a, b, scale, mode)", "-", "subtract(a, b)");
  private static final Pattern STRINGS_AND_COMMENTS =
      Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"|//[^\\n]*");
  // An operator has an operand on its left; "* - a : ." is a matcher, "else -5" a sign.
  private static final Pattern ARITHMETIC =
      Pattern.compile(
          "(?<!else|then|and|or)(?:[\\])\"]|[A-Za-z0-9_])(\\s*[*/]|\\s+-(?=[\\s$.(0-9]))");
  private static final Pattern CHANGING = Pattern.compile("\\b(now|random|uuid)\\s*\\(");

  private MappingRules() {}

  /**
   * Checks a mapping's text.
   *
   * @throws TransformException naming file, line and column, and what to write instead
   */
  static void check(String file, String text) {
    // Same length and lines, so that positions stay true.
    String code =
        STRINGS_AND_COMMENTS
            .matcher(text)
            .replaceAll(
                match ->
                    match.group().startsWith("\"")
                        ? "\"" + "x".repeat(match.group().length() - 2) + "\""
                        : " ".repeat(match.group().length()));
    Matcher arithmetic = ARITHMETIC.matcher(code);
    if (arithmetic.find()) {
      String operator = arithmetic.group(1).trim();
      throw new TransformException(
          place(file, code, arithmetic.end(1) - 1)
              + "'"
              + operator
              + "' computes in doubles: use "
              + OPERATORS.get(operator));
    }
    Matcher changing = CHANGING.matcher(code);
    if (changing.find()) {
      throw new TransformException(
          place(file, code, changing.start())
              + "'"
              + changing.group(1)
              + "' gives another result each time: a mapping must be repeatable");
    }
  }

  private static String place(String file, String text, int offset) {
    int line = 1;
    int lineStart = 0;
    for (int i = 0; i < offset; i++) {
      if (text.charAt(i) == '\n') {
        line++;
        lineStart = i + 1;
      }
    }
    return file + ":" + line + ":" + (offset - lineStart + 1) + ": ";
  }
}
