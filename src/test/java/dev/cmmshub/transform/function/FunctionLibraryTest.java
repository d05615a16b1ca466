package dev.cmmshub.transform.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.cmmshub.transform.FunctionLibrary;
import dev.cmmshub.transform.TransformException;
import dev.cmmshub.transform.TransformFunction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FunctionLibraryTest {
  private static final FunctionLibrary FUNCTIONS = FunctionLibrary.load();

  @Test
  void anUnknownNameIsAnsweredWithTheNearest() {
    assertThatThrownBy(() -> FUNCTIONS.call("to_lowcase", TextNode.valueOf("A")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("no function 'to_lowcase': did you mean to_lowercase? ")
        .hasMessageContaining("--list");
  }

  @Test
  void aWrongNumberOfArgumentsIsAnsweredWithTheSignature() {
    assertThatThrownBy(() -> FUNCTIONS.call("add", IntNode.valueOf(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("add: got 1 argument, expected add(a: decimal, b: decimal) -> decimal");
  }

  @Test
  void aRefusalNamesFunctionArgumentAndWhatWasExpected() {
    TransformException refused =
        catchThrowableOfType(
            TransformException.class,
            () -> FUNCTIONS.call("add", IntNode.valueOf(1), TextNode.valueOf("x".repeat(999))));
    assertThat(refused.function()).hasValue("add");
    assertThat(refused.argument()).hasValue(1);
    assertThat(refused.expected()).hasValue("a decimal");
    assertThat(refused).hasMessageNotContaining("x".repeat(40));
  }

  /**
   * A class that is not in META-INF/services would be missed by nobody until a mapping needs it.
   */
  @Test
  void everyFunctionClassIsRegistered() throws IOException {
    Path folder = Path.of("src/main/java/dev/cmmshub/transform/function");
    try (Stream<Path> files = Files.list(folder)) {
      List<String> classes =
          files
              .filter(FunctionLibraryTest::isFunction)
              .map(file -> file.getFileName().toString().replace(".java", ""))
              .toList();
      assertThat(FUNCTIONS.all())
          .extracting(function -> function.getClass().getSimpleName())
          .containsExactlyInAnyOrderElementsOf(classes);
    }
  }

  private static boolean isFunction(Path file) {
    try {
      return Files.readString(file).contains(" extends NamedFunction");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void namesAreInOrder() {
    assertThat(FUNCTIONS.all()).extracting(TransformFunction::name).isSorted();
  }
}
