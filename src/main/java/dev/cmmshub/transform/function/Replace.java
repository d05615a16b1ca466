package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;

/** {@code replace}: the text with each occurrence replaced. */
public final class Replace extends NamedFunction {
  public Replace() {
    super(
        "replace(s: text, from: text, to: text) -> text",
        "The text with each occurrence replaced.",
        3,
        3);
  }

  @Override
  JsonNode call(Arguments arguments) {
    if (arguments.text(1).isEmpty()) {
      throw arguments.expected(1, "what to replace");
    }
    return text(arguments.text(0).replace(arguments.text(1), arguments.text(2)));
  }
}
