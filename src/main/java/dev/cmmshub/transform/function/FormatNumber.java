package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.RoundingMode;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;

/**
 * {@code format_number}: writes a decimal by a pattern such as #,##0.00; English unless a locale is
 * given.
 */
public final class FormatNumber extends NamedFunction {
  public FormatNumber() {
    super(
        "format_number(d: decimal, pattern: text, locale?: text) -> text",
        "Writes a decimal by a pattern such as #,##0.00; English unless a locale is given.",
        2,
        3);
  }

  @Override
  JsonNode call(Arguments arguments) {
    try {
      DecimalFormat format =
          new DecimalFormat(
              arguments.text(1),
              DecimalFormatSymbols.getInstance(
                  arguments.has(2) ? arguments.locale(2) : Locale.ENGLISH));
      format.setRoundingMode(RoundingMode.HALF_UP);
      return text(format.format(arguments.decimal(0)));
    } catch (IllegalArgumentException e) {
      throw arguments.expected(1, "a pattern such as #,##0.00");
    }
  }
}
