package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;

/** {@code sum}: the exact sum of the elements, nulls left out; 0 for none. */
public final class Sum extends NamedFunction {
  public Sum() {
    super(
        "sum(array: array) -> decimal",
        "The exact sum of the elements, nulls left out; 0 for none.",
        1,
        1);
  }

  @Override
  JsonNode call(Arguments arguments) {
    BigDecimal sum = BigDecimal.ZERO;
    for (JsonNode element : arguments.array(0)) {
      if (!element.isNull()) {
        sum = sum.add(new Arguments(name(), new JsonNode[] {element}).decimal(0));
      }
    }
    return number(sum);
  }
}
