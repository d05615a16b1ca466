package dev.cmmshub.transform.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.message.Json;
import dev.cmmshub.transform.FunctionLibrary;
import dev.cmmshub.transform.TransformException;
import dev.cmmshub.transform.TransformFunction;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every line of {@code functions/cases.tsv}: a function, its arguments, its result or error. */
class FunctionCasesTest {
  private static final FunctionLibrary FUNCTIONS = FunctionLibrary.load();
  private static final String ERROR = "error: ";

  static Stream<Case> cases() throws IOException {
    return Files.readAllLines(Path.of("src/test/resources/functions/cases.tsv")).stream()
        .filter(line -> !line.startsWith("#"))
        .map(Case::of);
  }

  static Stream<TransformFunction> functions() {
    return FUNCTIONS.all().stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void givesWhatItPromises(Case test) {
    if (test.fails()) {
      assertThatThrownBy(() -> FUNCTIONS.call(test.function(), test.arguments()))
          .isInstanceOf(TransformException.class)
          .hasMessageContaining(test.result().substring(ERROR.length()));
    } else {
      // As text: 2.50 is not 2.5, and 8 not 8.0.
      assertThat(FUNCTIONS.call(test.function(), test.arguments()))
          .hasToString(json(test.result()).toString());
    }
  }

  @ParameterizedTest
  @MethodSource("functions")
  void hasACaseForSuccessAndOneForNull(TransformFunction function) throws IOException {
    List<Case> own = cases().filter(test -> test.function().equals(function.name())).toList();
    assertThat(own).anyMatch(test -> !test.fails() && !test.result().equals("null"));
    assertThat(own).anyMatch(test -> !test.fails() && test.arguments()[0].isNull());
  }

  @ParameterizedTest
  @MethodSource("functions")
  void hasASignatureThatFitsItsArguments(TransformFunction function) {
    assertThat(function.name()).matches("[a-z][a-z0-9_]*");
    assertThat(function.signature()).matches(function.name() + "\\(.*\\) -> [a-z ]+");
    String[] parameters = function.signature().replaceAll("^[^(]*\\(|\\) ->.*$", "").split(", ");
    long needed =
        Stream.of(parameters).filter(p -> !p.contains("?:") && !p.endsWith("...")).count();
    boolean many = parameters[parameters.length - 1].endsWith("...");
    assertThat(function.maxArguments()).isEqualTo(many ? Integer.MAX_VALUE : parameters.length);
    // "values..." is one or more, or none behind a separator.
    assertThat((long) function.minArguments()).isBetween(needed, needed + (many ? 1 : 0));
    assertThat(function.description()).endsWith(".").doesNotContain("\n");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void leavesItsArgumentsAlone(Case test) {
    JsonNode[] arguments = test.arguments();
    try {
      FUNCTIONS.call(test.function(), arguments);
    } catch (TransformException e) {
      assertThat(test.fails()).isTrue();
    }
    assertThat(arguments).isEqualTo(test.arguments());
  }

  private static JsonNode json(String text) {
    return Json.read(text.getBytes(StandardCharsets.UTF_8));
  }

  record Case(String function, String given, String result) {
    static Case of(String line) {
      String[] parts = line.split("\t");
      assertThat(parts).as(line).hasSize(3);
      return new Case(parts[0], parts[1], parts[2]);
    }

    JsonNode[] arguments() {
      return StreamSupport.stream(json(given).spliterator(), false).toArray(JsonNode[]::new);
    }

    boolean fails() {
      return result.startsWith(ERROR);
    }

    @Override
    public String toString() {
      return function + given + " = " + result;
    }
  }
}
