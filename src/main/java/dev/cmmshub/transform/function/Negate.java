package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;

/** {@code negate}: the decimal with the opposite sign. */
public final class Negate extends NamedFunction {
  public Negate() {
    super("negate(d: decimal) -> decimal", "The decimal with the opposite sign.", 1, 1);
  }

  @Override
  JsonNode call(Arguments arguments) {
    return number(arguments.decimal(0).negate());
  }
}
