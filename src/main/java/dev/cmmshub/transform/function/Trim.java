package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;

/** {@code trim}: the text without white space at its ends, no-break spaces included. */
public final class Trim extends NamedFunction {
  public Trim() {
    super(
        "trim(s: text) -> text",
        "The text without white space at its ends, no-break spaces included.",
        1,
        1);
  }

  @Override
  JsonNode call(Arguments arguments) {
    String value = arguments.text(0);
    int from = 0;
    int to = value.length();
    while (from < to && isSpace(value.charAt(from))) {
      from++;
    }
    while (to > from && isSpace(value.charAt(to - 1))) {
      to--;
    }
    return text(value.substring(from, to));
  }

  private static boolean isSpace(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\ufeff';
  }
}
