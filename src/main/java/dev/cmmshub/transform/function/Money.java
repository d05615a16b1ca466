package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Currency;

/**
 * {@code money}: an amount with as many decimals as ISO 4217 gives the currency; more are an error.
 */
public final class Money extends NamedFunction {
  public Money() {
    super(
        "money(amount: decimal, currency: text) -> object",
        "An amount with as many decimals as ISO 4217 gives the currency; more are an error.",
        2,
        2);
  }

  @Override
  JsonNode call(Arguments arguments) {
    try {
      Currency currency = Currency.getInstance(arguments.text(1));
      int digits = Math.max(0, currency.getDefaultFractionDigits());
      BigDecimal amount = arguments.decimal(0).setScale(digits, RoundingMode.UNNECESSARY);
      return JsonNodeFactory.instance
          .objectNode()
          .put("amount", amount.toPlainString())
          .put("currency", currency.getCurrencyCode());
    } catch (ArithmeticException e) {
      throw arguments.expected(0, "no more decimals than " + arguments.text(1) + " has");
    } catch (IllegalArgumentException e) {
      throw arguments.expected(1, "a currency of ISO 4217 such as EUR");
    }
  }
}
