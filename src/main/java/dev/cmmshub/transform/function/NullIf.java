package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * {@code null_if}: null when the value equals one of the others, such as false or 00000000, else
 * the value.
 */
public final class NullIf extends NamedFunction {
  public NullIf() {
    super(
        "null_if(value: any, nulls...) -> any",
        "Null when the value equals one of the others, such as false or 00000000, else the value.",
        2,
        Integer.MAX_VALUE);
  }

  @Override
  JsonNode call(Arguments arguments) {
    Object value = identity(arguments.node(0));
    for (int i = 1; i < arguments.count(); i++) {
      if (value.equals(identity(arguments.node(i)))) {
        return null;
      }
    }
    return arguments.node(0);
  }
}
