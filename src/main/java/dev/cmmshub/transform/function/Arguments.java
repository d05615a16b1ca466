package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.transform.TransformException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Set;

/**
 * The arguments of one call, read as what a function expects; errors name function and argument.
 */
public record Arguments(String function, JsonNode[] values) {
  private static final int MOST_DIGITS = 1000;
  private static final Set<String> LANGUAGES = Set.of(Locale.getISOLanguages());

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

  /**
   * A number, or a text that is a plain decimal; a double, as 2.5 in a mapping is one, counts as
   * its shortest decimal text.
   */
  public BigDecimal decimal(int index) {
    JsonNode value = values[index];
    try {
      if (value.isNumber()) {
        return bounded(index, exact(value));
      }
      if (value.isTextual() && value.textValue().length() <= MOST_DIGITS) {
        return bounded(index, new BigDecimal(value.textValue().trim()));
      }
    } catch (NumberFormatException e) {
      // Answered below.
    }
    throw expected(index, "a decimal");
  }

  /** Fails for an infinite double with a NumberFormatException. */
  static BigDecimal exact(JsonNode number) {
    return number.isDouble() || number.isFloat()
        ? new BigDecimal(number.asText()).stripTrailingZeros()
        : number.decimalValue();
  }

  /** 1e999999999 is twelve characters to read and a gigabyte to write out. */
  private BigDecimal bounded(int index, BigDecimal value) {
    if (Math.abs((long) value.scale()) > MOST_DIGITS || value.precision() > MOST_DIGITS) {
      throw expected(index, "a decimal of at most " + MOST_DIGITS + " digits");
    }
    return value;
  }

  /** A text; numbers and booleans count as theirs. */
  public String text(int index) {
    JsonNode value = values[index];
    if (has(index) && value.isValueNode()) {
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

  /** By a language tag such as de or en-GB; de_DE is understood too. */
  public Locale locale(int index) {
    Locale locale = Locale.forLanguageTag(text(index).replace('_', '-'));
    if (!LANGUAGES.contains(locale.getLanguage())) {
      throw expected(index, "a language such as de or en-GB");
    }
    return locale;
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
    return new TransformException(function, index, values[index].toString(), what);
  }
}
