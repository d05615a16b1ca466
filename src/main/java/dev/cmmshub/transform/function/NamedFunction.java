package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.cmmshub.transform.TransformFunction;
import java.math.BigDecimal;

/** What all functions share: their name, and that a null as first argument gives null. */
abstract class NamedFunction implements TransformFunction {
  private static final int LONG_DIGITS = 18;

  private final String name;
  private final String signature;
  private final String description;
  private final int min;
  private final int max;

  NamedFunction(String signature, String description, int min, int max) {
    this.name = signature.substring(0, signature.indexOf('('));
    this.signature = signature;
    this.description = description;
    this.min = min;
    this.max = max;
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final String signature() {
    return signature;
  }

  @Override
  public final String description() {
    return description;
  }

  @Override
  public final int minArguments() {
    return min;
  }

  @Override
  public final int maxArguments() {
    return max;
  }

  @Override
  public final JsonNode apply(JsonNode[] values) {
    Arguments arguments = new Arguments(name, values);
    if (!takesNull() && min > 0 && !arguments.has(0)) {
      return NullNode.getInstance();
    }
    JsonNode result = call(arguments);
    return result == null ? NullNode.getInstance() : result;
  }

  /** Whether the function wants to see a null itself. */
  boolean takesNull() {
    return false;
  }

  /** The result; null stands for JSON null. */
  abstract JsonNode call(Arguments arguments);

  /**
   * A result of arithmetic. It keeps its decimals as they came about: a sum has those of its more
   * exact part (1.10 + 1.2 is 2.30), a product those of both (2.5 * 4 is 10.0), a quotient or a
   * rounded number those asked for. None are added and none dropped; without decimals it is an
   * integer.
   */
  static JsonNode number(BigDecimal value) {
    if (value.scale() > 0) {
      return DecimalNode.valueOf(value);
    }
    if (value.precision() - value.scale() > LONG_DIGITS) {
      return BigIntegerNode.valueOf(value.toBigIntegerExact());
    }
    long whole = value.longValueExact();
    return whole == (int) whole ? IntNode.valueOf((int) whole) : LongNode.valueOf(whole);
  }

  /** What two values that are equal have in common: numbers count by value, 1 is 1.0. */
  static Object identity(JsonNode value) {
    return value.isNumber() ? Arguments.exact(value).stripTrailingZeros() : value;
  }

  static JsonNode text(String value) {
    return value == null ? null : TextNode.valueOf(value);
  }
}
