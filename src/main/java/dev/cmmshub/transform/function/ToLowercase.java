package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** {@code to_lowercase}: the text in lower case, the same in every locale. */
public final class ToLowercase extends NamedFunction {
  public ToLowercase() {
    super(
        "to_lowercase(s: text) -> text", "The text in lower case, the same in every locale.", 1, 1);
  }

  @Override
  JsonNode call(Arguments arguments) {
    return text(arguments.text(0).toLowerCase(Locale.ROOT));
  }
}
