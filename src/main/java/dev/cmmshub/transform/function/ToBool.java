package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import java.util.Locale;
import java.util.Set;

/**
 * {@code to_bool}: reads true, X, yes, 1 and false, no, 0 and the empty text, or the words given.
 */
public final class ToBool extends NamedFunction {
  private static final Set<String> TRUES = Set.of("true", "x", "yes", "y", "1");
  private static final Set<String> FALSES = Set.of("false", "", "no", "n", "0");

  public ToBool() {
    super(
        "to_bool(value: any, trues?: array, falses?: array) -> boolean",
        "Reads true, X, yes, 1 and false, no, 0 and the empty text, or the words given.",
        1,
        3);
  }

  @Override
  JsonNode call(Arguments arguments) {
    String value = arguments.text(0);
    if (contains(arguments, 1, value, TRUES)) {
      return BooleanNode.TRUE;
    }
    if (contains(arguments, 2, value, FALSES)) {
      return BooleanNode.FALSE;
    }
    throw arguments.expected(0, "one of the words for true or false");
  }

  private static boolean contains(
      Arguments arguments, int index, String value, Set<String> otherwise) {
    if (!arguments.has(index)) {
      return otherwise.contains(value.toLowerCase(Locale.ROOT));
    }
    for (JsonNode word : arguments.array(index)) {
      if (word.asText().equals(value)) {
        return true;
      }
    }
    return false;
  }
}
