package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
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
   * Whole numbers without a point, others with their own scale: 2 + 3 is 5, 1.10 + 1.20 is 2.30.
   */
  static JsonNode number(BigDecimal value) {
    if (value.scale() > 0) {
      return DecimalNode.valueOf(value);
    }
    return value.precision() - value.scale() <= LONG_DIGITS
        ? LongNode.valueOf(value.longValueExact())
        : BigIntegerNode.valueOf(value.toBigIntegerExact());
  }

  static JsonNode text(String value) {
    return value == null ? null : TextNode.valueOf(value);
  }
}
