package dev.cmmshub.transform.function;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.cmmshub.transform.FunctionLibrary;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for any two decimals; always the same ones, since the seed is fixed. */
class DecimalPropertiesTest {
  private static final FunctionLibrary FUNCTIONS = FunctionLibrary.load();
  private static final int PAIRS = 300;

  record Pair(BigDecimal a, BigDecimal b) {}

  static Stream<Pair> pairs() {
    Random random = new Random(20260306);
    return Stream.generate(() -> new Pair(decimal(random), decimal(random))).limit(PAIRS);
  }

  private static BigDecimal decimal(Random random) {
    BigInteger digits = new BigInteger(random.nextInt(120) + 1, random);
    BigDecimal value = new BigDecimal(digits, random.nextInt(24) - 4);
    return random.nextBoolean() ? value : value.negate();
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void subtractUndoesAdd(Pair pair) {
    JsonNode sum = call("add", node(pair.a()), node(pair.b()));
    assertThat(call("subtract", sum, node(pair.b())).decimalValue()).isEqualByComparingTo(pair.a());
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void addAndMultiplyAreExactAndCommute(Pair pair) {
    assertThat(call("add", node(pair.a()), node(pair.b())))
        .hasToString(call("add", node(pair.b()), node(pair.a())).toString());
    assertThat(call("multiply", node(pair.a()), node(pair.b())).decimalValue())
        .isEqualByComparingTo(pair.a().multiply(pair.b()));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void dividingTheProductGivesTheFactor(Pair pair) {
    if (pair.b().signum() != 0) {
      JsonNode product = call("multiply", node(pair.a()), node(pair.b()));
      assertThat(call("divide", product, node(pair.b()), IntNode.valueOf(30)).decimalValue())
          .isEqualByComparingTo(pair.a());
    }
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void negateTwiceAndAbsKeepTheValue(Pair pair) {
    JsonNode negated = call("negate", node(pair.a()));
    assertThat(call("negate", negated).decimalValue()).isEqualByComparingTo(pair.a());
    assertThat(call("abs", negated)).hasToString(call("abs", node(pair.a())).toString());
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void stringAndToDecimalAreInverse(Pair pair) {
    JsonNode text = call("string", node(pair.a()));
    assertThat(text.textValue()).matches("-?[0-9]+(\\.[0-9]+)?");
    assertThat(call("to_decimal", text).decimalValue()).isEqualByComparingTo(pair.a());
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void textsCountAsTheirNumbers(Pair pair) {
    TextNode text = TextNode.valueOf(pair.a().toPlainString());
    assertThat(call("add", text, node(pair.b())).decimalValue())
        .isEqualByComparingTo(call("add", node(pair.a()), node(pair.b())).decimalValue());
  }

  @Test
  void aDoubleCountsAsItsShortestText() {
    assertThat(call("subtract", DoubleNode.valueOf(5.4), IntNode.valueOf(3))).hasToString("2.4");
    assertThat(call("add", DoubleNode.valueOf(0.1), DoubleNode.valueOf(0.2))).hasToString("0.3");
  }

  private static JsonNode node(BigDecimal value) {
    return DecimalNode.valueOf(value);
  }

  private static JsonNode call(String function, JsonNode... arguments) {
    return FUNCTIONS.call(function, arguments);
  }
}
