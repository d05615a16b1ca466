package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** {@code divide}: a quotient with so many decimals, half_up unless told otherwise. */
public final class Divide extends NamedFunction {
  public Divide() {
    super(
        "divide(a: decimal, b: decimal, scale: int, mode?: text) -> decimal",
        "A quotient with so many decimals, half_up unless told otherwise.",
        3,
        4);
  }

  @Override
  JsonNode call(Arguments arguments) {
    if (!arguments.has(1)) {
      return null;
    }
    BigDecimal divisor = arguments.decimal(1);
    if (divisor.signum() == 0) {
      throw arguments.expected(1, "a divisor other than 0");
    }
    return number(
        arguments
            .decimal(0)
            .divide(divisor, arguments.count(2), arguments.rounding(3, RoundingMode.HALF_UP)));
  }
}
