package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.text.DecimalFormatSymbols;
import java.util.regex.Pattern;

/**
 * {@code to_decimal}: reads 1234.5, 1.234,56, 1,234.56 and SAP's 1234.5-; what could mean two
 * things, such as 1,234, is an error unless a locale is given. A point alone is a decimal point.
 */
public final class ToDecimal extends NamedFunction {
  private static final Pattern PLAIN = Pattern.compile("-?[0-9]+(\\.[0-9]+)?");
  private static final Pattern DIGITS = Pattern.compile("[0-9]*");
  private static final int GROUP = 3;

  public ToDecimal() {
    super(
        "to_decimal(s: text, locale?: text) -> decimal",
        "Reads 1234.5, 1.234,56 and SAP's 1234.5-; 1,234 is an error unless a locale is given.",
        1,
        2);
  }

  @Override
  JsonNode call(Arguments arguments) {
    if (arguments.node(0).isNumber()) {
      return number(arguments.decimal(0));
    }
    String text = plainSigns(arguments.text(0));
    if (text.isEmpty()) {
      return null;
    }
    String found = arguments.has(1) ? byLocale(arguments, text) : guess(arguments, text);
    if (found == null) {
      throw arguments.expected(
          0, arguments.has(1) ? "a decimal as " + arguments.text(1) + " writes it" : "a decimal");
    }
    return number(new Arguments(name(), new JsonNode[] {text(found)}).decimal(0));
  }

  /** With all kinds of spaces and apostrophes made one, and the sign in front. */
  private static String plainSigns(String value) {
    String text =
        value.replace('\u00a0', ' ').replace('\u202f', ' ').replace('\u2019', '\'').trim();
    if (text.endsWith("-") && !text.startsWith("-") && !text.startsWith("+")) {
      return "-" + text.substring(0, text.length() - 1).trim();
    }
    return text.startsWith("+") ? text.substring(1) : text;
  }

  private static String byLocale(Arguments arguments, String text) {
    DecimalFormatSymbols symbols = DecimalFormatSymbols.getInstance(arguments.locale(1));
    String grouping = plainSigns("0" + symbols.getGroupingSeparator() + "0").substring(1, 2);
    return read(text, symbols.getDecimalSeparator(), grouping + " '");
  }

  private static String guess(Arguments arguments, String text) {
    if (PLAIN.matcher(text).matches()) {
      return text;
    }
    String point = read(text, '.', ", '");
    String comma = read(text, ',', ". '");
    if (point == null || comma == null) {
      return point == null ? comma : point;
    }
    if (new BigDecimal(point).compareTo(new BigDecimal(comma)) != 0) {
      throw arguments.expected(
          0, "a decimal that can be read in one way, or a locale as second argument");
    }
    return point;
  }

  /** The number with a point and without groups; null when it is none if read like this. */
  private static String read(String text, char point, String grouping) {
    boolean negative = text.startsWith("-");
    int start = negative ? 1 : 0;
    int end = text.indexOf(point);
    String whole = ungrouped(text.substring(start, end < 0 ? text.length() : end), grouping);
    String fraction = end < 0 ? "" : text.substring(end + 1);
    if (whole == null
        || !DIGITS.matcher(fraction).matches()
        || (end >= 0 ? fraction.isEmpty() : whole.isEmpty())) {
      return null;
    }
    return (negative ? "-" : "")
        + (whole.isEmpty() ? "0" : whole)
        + (end < 0 ? "" : "." + fraction);
  }

  /** The digits; null unless groups have one separator, three digits each and no leading zero. */
  private static String ungrouped(String whole, String grouping) {
    if (DIGITS.matcher(whole).matches()) {
      return whole;
    }
    int first = 0;
    while (first < whole.length() && Character.isDigit(whole.charAt(first))) {
      first++;
    }
    char separator = whole.charAt(first);
    boolean valid =
        first > 0 && first <= GROUP && whole.charAt(0) != '0' && grouping.indexOf(separator) >= 0;
    for (String group : whole.substring(first + 1).split(Pattern.quote("" + separator), -1)) {
      valid &= group.length() == GROUP && DIGITS.matcher(group).matches();
    }
    return valid ? whole.replace("" + separator, "") : null;
  }
}
