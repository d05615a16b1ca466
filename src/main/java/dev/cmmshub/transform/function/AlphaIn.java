package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * {@code alpha_in}: sAP's ALPHA conversion: pads a number with zeros to the length, leaves other
 * text alone.
 */
public final class AlphaIn extends NamedFunction {
  public AlphaIn() {
    super(
        "alpha_in(s: text, length: int) -> text",
        "SAP's ALPHA conversion: pads a number with zeros to the length, leaves other text alone.",
        2,
        2);
  }

  @Override
  JsonNode call(Arguments arguments) {
    String value = arguments.text(0);
    boolean numeric = !value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9');
    return text(
        numeric ? "0".repeat(Math.max(0, arguments.count(1) - value.length())) + value : value);
  }
}
