package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * {@code regex_replace}: the text with each match replaced ($1 is a group); takes time linear in
 * the text.
 */
public final class RegexReplace extends NamedFunction {
  public RegexReplace() {
    super(
        "regex_replace(s: text, regex: text, to: text) -> text",
        "The text with each match replaced ($1 is a group); takes time linear in the text.",
        3,
        3);
  }

  @Override
  JsonNode call(Arguments arguments) {
    return text(
        Patterns.get(arguments, 1).matcher(arguments.text(0)).replaceAll(arguments.text(2)));
  }
}
