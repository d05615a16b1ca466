package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;

/** {@code default}: the value, or the other one when it is null or an empty text. */
public final class Default extends NamedFunction {
  public Default() {
    super(
        "default(value: any, otherwise: any) -> any",
        "The value, or the other one when it is null or an empty text.",
        2,
        2);
  }

  @Override
  boolean takesNull() {
    return true;
  }

  @Override
  JsonNode call(Arguments arguments) {
    boolean empty =
        !arguments.has(0) || arguments.node(0).isTextual() && arguments.text(0).isEmpty();
    return arguments.node(empty ? 1 : 0);
  }
}
