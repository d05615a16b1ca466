package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Matcher;

/** {@code regex_extract}: the first match, or a group of it; null when there is none. */
public final class RegexExtract extends NamedFunction {
  private final Patterns patterns = new Patterns();

  public RegexExtract() {
    super(
        "regex_extract(s: text, regex: text, group?: int) -> text",
        "The first match, or a group of it; null when there is none.",
        2,
        3);
  }

  @Override
  JsonNode call(Arguments arguments) {
    Matcher matcher = patterns.get(arguments, 1).matcher(arguments.text(0));
    int group = arguments.has(2) ? arguments.count(2) : 0;
    if (group > matcher.groupCount()) {
      throw arguments.expected(2, "at most " + matcher.groupCount());
    }
    return matcher.find() ? text(matcher.group(group)) : null;
  }
}
