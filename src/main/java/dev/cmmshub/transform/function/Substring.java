package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * {@code substring}: the characters from one position (0-based) up to another; positions past the
 * end mean the end.
 */
public final class Substring extends NamedFunction {
  public Substring() {
    super(
        "substring(s: text, from: int, to?: int) -> text",
        "The characters from one position (0-based) up to another; positions past the end mean the"
            + " end.",
        2,
        3);
  }

  @Override
  JsonNode call(Arguments arguments) {
    String value = arguments.text(0);
    int length = value.codePointCount(0, value.length());
    int from = Math.min(arguments.count(1), length);
    int to = arguments.has(2) ? Math.min(arguments.count(2), length) : length;
    if (to < from) {
      throw arguments.expected(2, "a position not before the first");
    }
    int start = value.offsetByCodePoints(0, from);
    return text(value.substring(start, value.offsetByCodePoints(start, to - from)));
  }
}
