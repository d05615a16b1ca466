package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;

/** {@code multiply}: the exact product of two decimals. */
public final class Multiply extends NamedFunction {
  public Multiply() {
    super(
        "multiply(a: decimal, b: decimal) -> decimal", "The exact product of two decimals.", 2, 2);
  }

  @Override
  JsonNode call(Arguments arguments) {
    return arguments.has(1) ? number(arguments.decimal(0).multiply(arguments.decimal(1))) : null;
  }
}
