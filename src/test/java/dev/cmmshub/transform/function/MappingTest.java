package dev.cmmshub.transform.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.message.Json;
import dev.cmmshub.transform.FunctionLibrary;
import dev.cmmshub.transform.Mapping;
import dev.cmmshub.transform.TransformException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.IntStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MappingTest {
  private static final FunctionLibrary FUNCTIONS = FunctionLibrary.load();

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\": 1,\\n \"b\": }                     | 2:7: found }, expected one of",
        "{\"a\": 1                                  | 1:7: found the end, expected one of",
        "{\"a\": 1,\\n  \"b\": \"no end\\n}         | 3:2: found the end, expected \" behind",
        "{\"a\": #}                                 | 1:7: found \"#\", expected JSLT",
        "{\"a\":\\n"
            + "  to_lowcase(.a)}                | 2:3: no function 'to_lowcase': did you mean to_l",
        "{\"a\": add(.a)}                           | 1:7: add: got 1 argument, expected add(a:"
            + " decim",
        "{\"a\": contains(.a)}                      | 1:7: Function 'contains' needs 2-2 arguments",
      })
  void anErrorNamesFileLineAndColumn(String mapping, String message) throws IOException {
    refuses(mapping.replace("\\n", "\n")).startsWithLine(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        ".a * 2              | 1:4: '*' computes in doubles: use multiply(a, b)",
        ".a / .b             | 1:4: '/' computes in doubles: use divide(a, b, scale, mode)",
        "[1, .a - 2]         | 1:8: '-' computes in doubles: use subtract(a, b)",
        ".a -.b              | 1:4: '-' computes in doubles",
        "(.a)-(.b)           | 1:5: '-' computes in doubles",
        "if (.a) .b*.c       | 1:11: '*' computes in doubles",
        "{for (.x) .k : .v*2}| 1:18: '*' computes in doubles",
        "now()               | 1:1: 'now' gives another result each time",
        "[ random ()]        | 1:3: 'random' gives another result each time",
        "uuid()              | 1:1: 'uuid' gives another result each time: use uuid5(namespace,"
            + " name)",
        "floor(.a)           | 1:1: 'floor' computes in doubles: use round",
        "lowercase(.a)       | 1:1: 'lowercase' depends on the machine's language: use"
            + " to_lowercase",
        "format-time(0, .f)  | 1:1: 'format-time' depends on the machine's language: use"
            + " format_date",
      })
  void whatIsNotExactOrNotRepeatableIsRefused(String mapping, String message) throws IOException {
    refuses(mapping).startsWithLine(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\": \"2 * 3 / 4 - 1, now()\"}",
        "// 2 * 3 - now()\n.a",
        "{* - \"secret\" : .}",
        "{* : .}",
        "[-5, .a[1 : -1]]",
        "if (.a) -5 else -6",
        "{\"unit-price\": .\"unit-price\", \"b\": .unit-price}",
        "{\"now\": .now, \"random\": .random}",
        "def now() \"a word of its own\" now()",
        "\"a\" + .b",
        "let a-b = 1 $a-b",
      })
  void whatOnlyLooksLikeArithmeticIsFine(String mapping) throws IOException {
    compile(mapping);
  }

  @Test
  void theHubsFunctionsGoBeforeThoseOfJslt() throws IOException {
    assertThat(
            compile(
                    """
                    [round(2.345, 2), sum([0.1, 0.2]), split("a.b", "."), replace("a.b", ".", "-"),
                     trim("\u00a0a "), string(0.00000010), number("0.1"), flatten([[1], [null]])]
                    """)
                .apply(json("{}")))
        .hasToString("[2.35,0.3,[\"a\",\"b\"],\"a-b\",\"a\",\"0.0000001\",0.1,[1]]");
  }

  @Test
  void decimalsKeepWhatTheyWereSentWith() throws IOException {
    Mapping mapping =
        compile("{\"same\": .a, \"text\": string(.a), \"less\": subtract(.a, 2.5), \"u\": 5.4}");
    assertThat(mapping.apply(json("{\"a\": 12345678901234567890.10}")))
        .hasToString(
            """
            {"same":12345678901234567890.10,"text":"12345678901234567890.10",\
            "less":12345678901234567887.60,"u":5.4}\
            """);
  }

  @Test
  void anImportReadsAFileBesideTheMapping() throws IOException {
    Files.writeString(folder.resolve("common.jslt"), "def twice(x) multiply($x, 2)");
    assertThat(compile("import \"common.jslt\" as c c:twice(.a)").apply(json("{\"a\": 1.5}")))
        .hasToString("3.0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../common.jslt", "/etc/hostname", "sub/common.jslt", "..", "."})
  void anImportLeadsNowhereElse(String name) throws IOException {
    Path inner = Files.createDirectories(folder.resolve("inner/sub")).getParent();
    Files.writeString(folder.resolve("common.jslt"), "def one() 1");
    Files.writeString(inner.resolve("sub/common.jslt"), "def one() 1");
    Path file = inner.resolve("m.jslt");
    Files.writeString(file, "import \"" + name + "\" as c c:one()");
    assertThatThrownBy(() -> Mapping.compile(file, FUNCTIONS))
        .isInstanceOf(TransformException.class)
        .hasMessage(file + ": import \"" + name + "\": expected the name of a file beside it");
  }

  @Test
  void anImportFollowsNoLinkOutOfTheFolder() throws IOException {
    Path inner = Files.createDirectory(folder.resolve("inner"));
    Files.writeString(folder.resolve("common.jslt"), "def one() 1");
    Files.createSymbolicLink(inner.resolve("common.jslt"), folder.resolve("common.jslt"));
    Path file = inner.resolve("m.jslt");
    Files.writeString(file, "import \"common.jslt\" as c c:one()");
    assertThatThrownBy(() -> Mapping.compile(file, FUNCTIONS))
        .isInstanceOf(TransformException.class)
        .hasMessageContaining("expected the name of a file beside it");
  }

  @Test
  void anImportThatIsMissingOrWrongIsNamed() throws IOException {
    refuses("import \"missing.jslt\" as c 1").hasMessageContaining("missing.jslt");
    Files.writeString(folder.resolve("wrong.jslt"), "\ndef f(x) $x * 2");
    refuses("import \"wrong.jslt\" as c c:f(1)")
        .hasMessageStartingWith(folder.resolve("wrong.jslt") + ":2:13: '*' computes in doubles");
    Files.writeString(folder.resolve("unknown.jslt"), "\n\ndef f(x) ad($x)");
    refuses("import \"unknown.jslt\" as c c:f(1)")
        .hasMessageStartingWith(folder.resolve("unknown.jslt") + ":3:10: no function 'ad'");
    Files.writeString(folder.resolve("loop.jslt"), "import \"loop.jslt\" as l def f() 1");
    refuses("import \"loop.jslt\" as c c:f()").hasMessageContaining("already imported");
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> Mapping.compile(folder.resolve("none.jslt"), FUNCTIONS))
        .isInstanceOf(TransformException.class)
        .hasMessageStartingWith(folder.resolve("none.jslt") + ": cannot be read");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "unit_code(.long, \"sap\")          | : unit_code: argument 1 is \"xxxx",
        "\\n {\"a\": .long > {}}            | :2:",
        "error(\"no such thing\")           | : error: no such thing",
        "def f(x) f($x) f(.long)            | : a def calls itself without end",
        "hash-int(.long) + test(.long, \"(\") | :",
      })
  void whateverGoesWrongIsOneFailureWithoutTheBody(String text, String message) throws IOException {
    Path file = write(text.replace("\\n", "\n"));
    JsonNode input = json("{\"long\": \"" + "x".repeat(500) + "\"}");
    assertThatThrownBy(() -> Mapping.compile(file, FUNCTIONS).apply(input))
        .isInstanceOf(TransformException.class)
        .hasMessageStartingWith(file + message)
        .hasMessageNotContaining("x".repeat(40));
  }

  @Test
  void sameInputSameBytesInAnyLanguageAndThread() throws IOException {
    Mapping mapping =
        compile(
            """
            {"u": to_uppercase("title"), "n": format_number(1234.5, "#,##0.00"),
             "id": uuid5("6ba7b810-9dad-11d1-80b4-00c04fd430c8", .a), "x": regex_extract(.a, "[0-9]+"),
             "d": parse_date("6 Mar 2026", "d MMM yyyy"), "s": sum([for (.list) multiply(., 0.1)])}
            """);
    JsonNode input = json("{\"a\": \"WO-17\", \"list\": [1, 2, 3.3]}");
    String first = mapping.apply(input).toString();
    assertThat(first)
        .isEqualTo(
            """
            {"u":"TITLE","n":"1,234.50","id":"%s","x":"17","d":"2026-03-06","s":0.63}\
            """
                .formatted("bb7394a1-68ff-57a0-bbd2-07b7f4f55d25"));
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("tr-TR"));
      assertThat(IntStream.range(0, 2000).parallel().mapToObj(i -> mapping.apply(input).toString()))
          .containsOnly(first);
    } finally {
      Locale.setDefault(before);
    }
  }

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("m.jslt"), text);
  }

  private Mapping compile(String text) throws IOException {
    return Mapping.compile(write(text), FUNCTIONS);
  }

  private Refusal refuses(String text) throws IOException {
    Path file = write(text);
    try {
      Mapping.compile(file, FUNCTIONS);
    } catch (TransformException e) {
      return new Refusal(e, file);
    }
    throw new AssertionError("compiled, expected an error: " + text);
  }

  private static JsonNode json(String text) {
    return Json.read(text.getBytes(StandardCharsets.UTF_8));
  }

  private static final class Refusal extends AbstractThrowableAssert<Refusal, TransformException> {
    private final Path file;

    Refusal(TransformException refused, Path file) {
      super(refused, Refusal.class);
      this.file = file;
    }

    Refusal startsWithLine(String message) {
      return hasMessageStartingWith(file + ":" + message)
          .hasMessageNotContaining("\n")
          .hasMessageNotContaining(" at " + file);
    }
  }
}
