package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * {@code strip_leading_zeros}: the text without leading zeros, if it is all digits; all zeros give
 * 0.
 */
public final class StripLeadingZeros extends NamedFunction {
  public StripLeadingZeros() {
    super(
        "strip_leading_zeros(s: text) -> text",
        "The text without leading zeros, if it is all digits; all zeros give 0.",
        1,
        1);
  }

  @Override
  JsonNode call(Arguments arguments) {
    String value = arguments.text(0);
    if (value.isEmpty() || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return text(value);
    }
    int from = 0;
    while (from < value.length() - 1 && value.charAt(from) == '0') {
      from++;
    }
    return text(value.substring(from));
  }
}
