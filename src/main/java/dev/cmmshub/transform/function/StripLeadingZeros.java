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
    if (!isNumber(value)) {
      return text(value);
    }
    int from = 0;
    while (from < value.length() - 1 && value.charAt(from) == '0') {
      from++;
    }
    return text(value.substring(from));
  }

  private static boolean isNumber(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) < '0' || value.charAt(i) > '9') {
        return false;
      }
    }
    return !value.isEmpty();
  }
}
