package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.transform.TransformException;

/**
 * {@code number}: a text such as 12.50 as a number, or the other value when it is none. Unlike
 * JSLT's own it does not go through a double.
 */
public final class NumberFunction extends NamedFunction {
  public NumberFunction() {
    super(
        "number(value: text, otherwise?: any) -> decimal",
        "A text such as 12.50 as a number; what is none is an error or the other value.",
        1,
        2);
  }

  @Override
  boolean takesNull() {
    return true;
  }

  @Override
  JsonNode call(Arguments arguments) {
    boolean hasOther = arguments.count() > 1;
    if (!arguments.has(0)) {
      return hasOther ? arguments.node(1) : null;
    }
    try {
      return number(arguments.decimal(0));
    } catch (TransformException e) {
      if (hasOther) {
        return arguments.node(1);
      }
      throw e;
    }
  }
}
