package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Matcher;

/**
 * {@code regex_replace}: the text with each match replaced ($1 is a group); takes time linear in
 * the text.
 */
public final class RegexReplace extends NamedFunction {
  private final Patterns patterns = new Patterns();

  public RegexReplace() {
    super(
        "regex_replace(s: text, regex: text, to: text) -> text",
        "The text with each match replaced ($1 is a group); takes time linear in the text.",
        3,
        3);
  }

  @Override
  JsonNode call(Arguments arguments) {
    Matcher matcher = patterns.get(arguments, 1).matcher(arguments.text(0));
    try {
      return text(matcher.replaceAll(arguments.text(2)));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw arguments.expected(2, "no group above $" + matcher.groupCount() + ", and \\$ for a $");
    }
  }
}
