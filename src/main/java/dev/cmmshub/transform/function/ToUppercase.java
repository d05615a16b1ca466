package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** {@code to_uppercase}: the text in upper case, the same in every locale. */
public final class ToUppercase extends NamedFunction {
  public ToUppercase() {
    super(
        "to_uppercase(s: text) -> text", "The text in upper case, the same in every locale.", 1, 1);
  }

  @Override
  JsonNode call(Arguments arguments) {
    return text(arguments.text(0).toUpperCase(Locale.ROOT));
  }
}
