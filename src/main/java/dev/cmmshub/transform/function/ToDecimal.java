package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * {@code to_decimal}: reads 1234.5, SAP's 1234.5-, and with a locale such as de its 1.234,5; what
 * could mean two things is an error.
 */
public final class ToDecimal extends NamedFunction {
  private static final Pattern PLAIN = Pattern.compile("[+-]?[0-9]+(\\.[0-9]+)?");
  private static final Pattern GROUPS = Pattern.compile("[+-]?[0-9]{1,3}(\\.[0-9]{3})+");

  public ToDecimal() {
    super(
        "to_decimal(s: text, locale?: text) -> decimal",
        "Reads 1234.5, SAP's 1234.5-, and with a locale such as de its 1.234,5; what could mean two things is an error.",
        1,
        2);
  }

  @Override
  JsonNode call(Arguments arguments) {
    if (arguments.node(0).isNumber()) {
      return number(arguments.decimal(0));
    }
    String text = arguments.text(0).replace('\u00a0', ' ').trim();
    if (text.isEmpty()) {
      return null;
    }
    if (text.endsWith("-")) {
      text = "-" + text.substring(0, text.length() - 1).trim();
    }
    return number(parse(arguments, text));
  }

  private static BigDecimal parse(Arguments arguments, String text) {
    if (!arguments.has(1)) {
      // 1.234 alone is a decimal; 1.234.567 and 1,234 could be either.
      if (PLAIN.matcher(text).matches()) {
        return new BigDecimal(text);
      }
      throw arguments.expected(0, "a decimal such as 1234.5, or a locale as second argument");
    }
    DecimalFormatSymbols symbols =
        DecimalFormatSymbols.getInstance(Locale.forLanguageTag(arguments.text(1)));
    String grouping = String.valueOf(symbols.getGroupingSeparator());
    String plain =
        text.replace(grouping, ".").replace(' ', '.').replace(symbols.getDecimalSeparator(), '#');
    int point = plain.indexOf('#');
    String whole = point < 0 ? plain : plain.substring(0, point);
    boolean grouped = whole.indexOf('.') >= 0;
    String digits = whole.replace(".", "") + (point < 0 ? "" : "." + plain.substring(point + 1));
    if (grouped && !GROUPS.matcher(whole).matches() || !PLAIN.matcher(digits).matches()) {
      throw arguments.expected(0, "a decimal as locale " + arguments.text(1) + " writes it");
    }
    return new BigDecimal(digits);
  }
}
