package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * {@code truncate}: at most so many characters; a longer text is an error, or cut when told cut.
 */
public final class Truncate extends NamedFunction {
  public Truncate() {
    super(
        "truncate(s: text, length: int, onOver?: text) -> text",
        "At most so many characters; a longer text is an error, or cut when told cut.",
        2,
        3);
  }

  @Override
  JsonNode call(Arguments arguments) {
    String value = arguments.text(0);
    int length = arguments.count(1);
    boolean cut = arguments.text(2, "fail").equals("cut");
    if (!cut && arguments.has(2) && !arguments.text(2).equals("fail")) {
      throw arguments.expected(2, "fail or cut");
    }
    if (value.codePointCount(0, value.length()) <= length) {
      return text(value);
    }
    if (!cut) {
      throw arguments.expected(0, "at most " + length + " characters (or cut as third argument)");
    }
    return text(value.substring(0, value.offsetByCodePoints(0, length)));
  }
}
