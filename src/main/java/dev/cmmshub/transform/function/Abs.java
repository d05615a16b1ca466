package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;

/** {@code abs}: the decimal without its sign. */
public final class Abs extends NamedFunction {
  public Abs() {
    super("abs(d: decimal) -> decimal", "The decimal without its sign.", 1, 1);
  }

  @Override
  JsonNode call(Arguments arguments) {
    return number(arguments.decimal(0).abs());
  }
}
