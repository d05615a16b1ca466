package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/** {@code split}: the parts of a text between separators. */
public final class Split extends NamedFunction {
  public Split() {
    super(
        "split(s: text, separator: text) -> array",
        "The parts of a text between separators.",
        2,
        2);
  }

  @Override
  JsonNode call(Arguments arguments) {
    ArrayNode parts = JsonNodeFactory.instance.arrayNode();
    String separator = arguments.text(1);
    if (separator.isEmpty()) {
      throw arguments.expected(1, "a separator");
    }
    String value = arguments.text(0);
    int from = 0;
    for (int at = value.indexOf(separator); at >= 0; at = value.indexOf(separator, from)) {
      parts.add(value.substring(from, at));
      from = at + separator.length();
    }
    return parts.add(value.substring(from));
  }
}
