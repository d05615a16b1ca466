package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * {@code sanitize_code}: the text with each forbidden character replaced, by nothing unless told
 * otherwise.
 */
public final class SanitizeCode extends NamedFunction {
  public SanitizeCode() {
    super(
        "sanitize_code(s: text, forbidden: text, replacement?: text) -> text",
        "The text with each forbidden character replaced, by nothing unless told otherwise.",
        2,
        3);
  }

  @Override
  JsonNode call(Arguments arguments) {
    String forbidden = arguments.text(1);
    String replacement = arguments.text(2, "");
    StringBuilder clean = new StringBuilder();
    arguments
        .text(0)
        .codePoints()
        .forEach(
            c -> {
              if (forbidden.indexOf(c) >= 0) {
                clean.append(replacement);
              } else {
                clean.appendCodePoint(c);
              }
            });
    return text(clean.toString());
  }
}
