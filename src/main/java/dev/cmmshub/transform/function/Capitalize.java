package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** {@code capitalize}: the text with its first letter in upper case. */
public final class Capitalize extends NamedFunction {
  public Capitalize() {
    super("capitalize(s: text) -> text", "The text with its first letter in upper case.", 1, 1);
  }

  @Override
  JsonNode call(Arguments arguments) {
    String value = arguments.text(0);
    if (value.isEmpty()) {
      return text(value);
    }
    int first = value.offsetByCodePoints(0, 1);
    return text(value.substring(0, first).toUpperCase(Locale.ROOT) + value.substring(first));
  }
}
