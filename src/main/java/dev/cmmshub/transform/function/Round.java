package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.RoundingMode;

/** {@code round}: rounds to so many decimals (0), half_up unless told otherwise. */
public final class Round extends NamedFunction {
  public Round() {
    super(
        "round(d: decimal, scale?: int, mode?: text) -> decimal",
        "Rounds to so many decimals (0), half_up unless told otherwise.",
        1,
        3);
  }

  @Override
  JsonNode call(Arguments arguments) {
    int scale = arguments.has(1) ? arguments.count(1) : 0;
    return number(
        arguments.decimal(0).setScale(scale, arguments.rounding(2, RoundingMode.HALF_UP)));
  }
}
