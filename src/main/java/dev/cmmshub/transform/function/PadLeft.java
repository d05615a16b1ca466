package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;

/** {@code pad_left}: the text filled up on the left, with 0 unless another character is given. */
public final class PadLeft extends NamedFunction {
  public PadLeft() {
    super(
        "pad_left(s: text, length: int, fill?: text) -> text",
        "The text filled up on the left, with 0 unless another character is given.",
        2,
        3);
  }

  @Override
  JsonNode call(Arguments arguments) {
    String fill = arguments.text(2, "0");
    if (fill.codePointCount(0, fill.length()) != 1) {
      throw arguments.expected(2, "one character");
    }
    String value = arguments.text(0);
    return text(
        fill.repeat(Math.max(0, arguments.count(1) - value.codePointCount(0, value.length())))
            + value);
  }
}
