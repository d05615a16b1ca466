package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;

/** {@code add}: the exact sum of two decimals. */
public final class Add extends NamedFunction {
  public Add() {
    super("add(a: decimal, b: decimal) -> decimal", "The exact sum of two decimals.", 2, 2);
  }

  @Override
  JsonNode call(Arguments arguments) {
    return arguments.has(1) ? number(arguments.decimal(0).add(arguments.decimal(1))) : null;
  }
}
