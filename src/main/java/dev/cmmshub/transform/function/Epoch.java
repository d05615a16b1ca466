package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;

/**
 * {@code epoch}: an RFC 3339 time as seconds (s, the default) or milliseconds (ms) since 1970; a
 * number of those as an RFC 3339 time.
 */
public final class Epoch extends NamedFunction {
  private static final int MILLIS = 3;

  public Epoch() {
    super(
        "epoch(v: text or decimal, unit?: text) -> int or text",
        "A time as seconds (s, the default) or milliseconds (ms) since 1970, and back.",
        1,
        2);
  }

  @Override
  JsonNode call(Arguments arguments) {
    String unit = arguments.text(1, "s");
    if (!unit.equals("s") && !unit.equals("ms")) {
      throw arguments.expected(1, "s or ms");
    }
    int shift = unit.equals("ms") ? MILLIS : 0;
    if (arguments.node(0).isNumber()) {
      return time(arguments, shift);
    }
    Instant instant = Times.instant(arguments, 0);
    return number(
        BigDecimal.valueOf(shift == 0 ? instant.getEpochSecond() : instant.toEpochMilli()));
  }

  private static JsonNode time(Arguments arguments, int shift) {
    try {
      BigDecimal[] seconds =
          arguments.decimal(0).movePointLeft(shift).divideAndRemainder(BigDecimal.ONE);
      int nanos = seconds[1].movePointRight(9).intValueExact();
      return text(Times.text(Instant.ofEpochSecond(seconds[0].longValueExact()).plusNanos(nanos)));
    } catch (ArithmeticException | DateTimeException e) {
      throw arguments.expected(0, "a time such as 1767225600");
    }
  }
}
