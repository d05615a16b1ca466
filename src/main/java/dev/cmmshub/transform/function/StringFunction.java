package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * {@code string}: a text as it is, a number in plain decimals, anything else as JSON. Unlike JSLT's
 * own it never writes 1E-7, which is no decimal of the canonical model, and leaves null null.
 */
public final class StringFunction extends NamedFunction {
  public StringFunction() {
    super(
        "string(value: any) -> text",
        "A text as it is, a number in plain decimals, anything else as JSON.",
        1,
        1);
  }

  @Override
  JsonNode call(Arguments arguments) {
    JsonNode value = arguments.node(0);
    if (value.isTextual()) {
      return value;
    }
    return text(value.isValueNode() ? arguments.text(0) : value.toString());
  }
}
