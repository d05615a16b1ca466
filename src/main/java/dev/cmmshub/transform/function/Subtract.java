package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;

/** {@code subtract}: the exact difference of two decimals. */
public final class Subtract extends NamedFunction {
  public Subtract() {
    super(
        "subtract(a: decimal, b: decimal) -> decimal",
        "The exact difference of two decimals.",
        2,
        2);
  }

  @Override
  JsonNode call(Arguments arguments) {
    return arguments.has(1) ? number(arguments.decimal(0).subtract(arguments.decimal(1))) : null;
  }
}
