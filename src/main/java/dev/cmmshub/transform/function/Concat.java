package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;

/** {@code concat}: the values joined by the separator, nulls left out. */
public final class Concat extends NamedFunction {
  public Concat() {
    super(
        "concat(separator: text, values...) -> text",
        "The values joined by the separator, nulls left out.",
        1,
        Integer.MAX_VALUE);
  }

  @Override
  JsonNode call(Arguments arguments) {
    StringBuilder joined = new StringBuilder();
    boolean first = true;
    for (int i = 1; i < arguments.count(); i++) {
      if (arguments.has(i)) {
        joined.append(first ? "" : arguments.text(0)).append(arguments.text(i));
        first = false;
      }
    }
    return text(joined.toString());
  }
}
