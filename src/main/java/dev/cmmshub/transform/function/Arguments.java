package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.transform.TransformException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * The arguments of one call, read as what a function expects; errors name function and argument.
 */
public record Arguments(String function, JsonNode[] values) {
  private static final int SHOWN = 40;

  public int count() {
    return values.length;
  }

  /** Whether the argument is there and not null. */
  public boolean has(int index) {
    return index < values.length && !values[index].isNull() && !values[index].isMissingNode();
  }

  public JsonNode node(int index) {
    return values[index];
  }

  /** A number, or a text that is a plain decimal; a double counts as its shortest decimal text. */
  public BigDecimal decimal(int index) {
    JsonNode value = values[index];
    if (value.isNumber()) {
      return value.isDouble() ? BigDecimal.valueOf(value.doubleValue()) : value.decimalValue();
    }
    try {
      if (value.isTextual()) {
        return new BigDecimal(value.textValue().trim());
      }
    } catch (NumberFormatException e) {
      // Answered below.
    }
    throw expected(index, "a decimal");
  }

  /** A text; numbers and booleans count as theirs. */
  public String text(int index) {
    JsonNode value = values[index];
    if (value.isValueNode()) {
      return value.isNumber() ? decimal(index).toPlainString() : value.asText();
    }
    throw expected(index, "a text");
  }

  public String text(int index, String otherwise) {
    return has(index) ? text(index) : otherwise;
  }

  /** A whole number from 0 to 10,000. */
  public int count(int index) {
    try {
      int count = decimal(index).intValueExact();
      if (count >= 0 && count <= 10_000) {
        return count;
      }
    } catch (ArithmeticException e) {
      // Answered below.
    }
    throw expected(index, "a whole number from 0 to 10000");
  }

  public RoundingMode rounding(int index, RoundingMode otherwise) {
    if (!has(index)) {
      return otherwise;
    }
    try {
      return RoundingMode.valueOf(text(index).toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw expected(
          index, "a rounding mode: half_up, half_even, half_down, up, down, ceiling, floor");
    }
  }

  public JsonNode array(int index) {
    if (values[index].isArray()) {
      return values[index];
    }
    throw expected(index, "an array");
  }

  public JsonNode object(int index) {
    if (values[index].isObject()) {
      return values[index];
    }
    throw expected(index, "an object");
  }

  /** Says what was expected of an argument and what it is. */
  public TransformException expected(int index, String what) {
    String is = values[index].toString();
    return new TransformException(
        function
            + ": argument "
            + (index + 1)
            + " is "
            + (is.length() > SHOWN ? is.substring(0, SHOWN) + "…" : is)
            + ", expected "
            + what);
  }
}
