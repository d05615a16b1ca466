package dev.cmmshub.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class XmlTreeTest {
  /** Expanding entities or nesting without end takes minutes; a busy machine some hundred ms. */
  private static final Duration SOON = Duration.ofSeconds(3);

  private static final int MEGA = 1 << 20;

  @BeforeAll
  static void loadClasses() {
    refuses("<a>");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<a/>                                     | {'a':''}",
        "<a> text </a>                            | {'a':'text'}",
        "<a k='v'/>                               | {'a':{'@k':'v'}}",
        "<a k='v'>text</a>                        | {'a':{'@k':'v','#text':'text'}}",
        "<a><b>1</b></a>                          | {'a':{'b':'1'}}",
        "<a><b>1</b><b>2</b></a>                  | {'a':{'b':['1','2']}}",
        "<a><b>1</b><c>x</c><b>2</b><b/></a>      | {'a':{'b':['1','2',''],'c':'x'}}",
        "<a>x<b>1</b>y</a>                        | {'a':{'b':'1','#text':'xy'}}",
        "<p:a xmlns:p='urn:x' p:k='v'>1</p:a>     | {'a':{'@k':'v','#text':'1'}}",
        "<a><![CDATA[<b> & ]]>c</a>               | {'a':'<b> & c'}",
        "<a>&lt;&amp;&#228;&#x1F600;</a>          | {'a':'<&\u00e4\ud83d\ude00'}",
        "<?xml version='1.0'?><!-- c --><a/><?p?> | {'a':''}",
      })
  void isReadAsATree(String document, String tree) {
    assertThat(XmlTree.parse(document.getBytes(UTF_8))).hasToString(tree.replace('\'', '"'));
  }

  @Test
  void theDeclaredEncodingCounts() {
    String document = "<?xml version='1.0' encoding='ISO-8859-1'?><a>M\u00fcller</a>";
    assertThat(XmlTree.parse(document.getBytes(ISO_8859_1))).hasToString("{\"a\":\"M\u00fcller\"}");
  }

  static Stream<Arguments> hostile() {
    StringBuilder laughs = new StringBuilder("<!DOCTYPE l [<!ENTITY l0 'ha'>");
    for (int i = 1; i < 20; i++) {
      laughs.append("<!ENTITY l" + i + " '" + ("&l" + (i - 1) + ";").repeat(10) + "'>");
    }
    String attributes =
        Stream.iterate(0, i -> i + 1)
            .limit(20_000)
            .map(i -> " a" + i + "='x'")
            .reduce(new StringBuilder(), StringBuilder::append, StringBuilder::append)
            .toString();
    return Stream.of(
        Arguments.of("a billion laughs", laughs + "]><l>&l19;</l>"),
        Arguments.of(
            "quadratic growth",
            "<!DOCTYPE a [<!ENTITY x '"
                + "x".repeat(10_000)
                + "'>]><a>"
                + "&x;".repeat(10_000)
                + "</a>"),
        Arguments.of("an entity in an attribute", "<!DOCTYPE a [<!ENTITY x 'y'>]><a k='&x;'/>"),
        Arguments.of("an entity nobody declared", "<a>&x;</a>"),
        Arguments.of("elements 100,000 deep", "<a>".repeat(100_000)),
        Arguments.of("one level too many", "<a>".repeat(65) + "</a>".repeat(65)),
        Arguments.of("a text of more than 1 MB", "<a>" + "x".repeat(MEGA + 1) + "</a>"),
        Arguments.of("20,000 attributes", "<a" + attributes + "/>"),
        Arguments.of("the same attribute twice", "<a k='1' k='2'/>"),
        Arguments.of("two roots", "<a/><b/>"),
        Arguments.of("a prefix nobody declared", "<p:a/>"),
        Arguments.of("a character XML does not have", "<a>&#0;</a>"),
        Arguments.of("no end", "<a><b>"),
        Arguments.of("JSON", "{\"a\": 1}"),
        Arguments.of("nothing", ""));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("hostile")
  void isRefusedSoonAndWithAPlace(String name, String document) {
    assertTimeoutPreemptively(
        SOON, () -> refuses(document).hasMessageMatching("(?s).+ \\(line \\d+, column \\d+\\)"));
  }

  @Test
  void theDeepestAllowedIsRead() {
    XmlTree.parse(("<a>".repeat(64) + "</a>".repeat(64)).getBytes(UTF_8));
  }

  @Test
  void bytesThatAreNotUtf8AreRefused() {
    assertThatThrownBy(() -> XmlTree.parse("<a>M\u00fcller</a>".getBytes(ISO_8859_1)))
        .isInstanceOf(MalformedPayloadException.class);
    assertThatThrownBy(() -> XmlTree.parse(new byte[] {'<', 'a', '>', (byte) 0xff, (byte) 0xfe}))
        .isInstanceOf(MalformedPayloadException.class);
  }

  /** Each of the ways XML has to name something outside of itself. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<!DOCTYPE a [<!ENTITY x SYSTEM '%s'>]><a>&x;</a>",
        "<!DOCTYPE a [<!ENTITY %% x SYSTEM '%s'> %%x;]><a/>",
        "<!DOCTYPE a SYSTEM '%s'><a/>",
        "<!DOCTYPE a PUBLIC 'p' '%s'><a/>",
        "<a xmlns:i='http://www.w3.org/2001/XInclude'><i:include href='%s'/></a>",
        "<a xmlns:i='http://www.w3.org/2001/XMLSchema-instance' i:schemaLocation='u %s'/>",
      })
  void nothingOutsideIsRead(String document, @TempDir Path folder) throws IOException {
    Path secret = Files.writeString(folder.resolve("secret"), "do not tell");
    assertThat(answer(document.formatted(secret.toUri()))).doesNotContain("do not tell");
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      answer(document.formatted("http://127.0.0.1:" + server.getLocalPort() + "/x.dtd"));
      server.setSoTimeout(20);
      assertThatThrownBy(server::accept).isInstanceOf(SocketTimeoutException.class);
    }
  }

  private static String answer(String document) {
    try {
      return XmlTree.parse(document.getBytes(UTF_8)).toString();
    } catch (MalformedPayloadException e) {
      return e.getMessage();
    }
  }

  @Test
  void aDocumentTypeIsRefusedEvenWhenItIsNotUsed() {
    refuses("<!DOCTYPE a><a/>");
    refuses("<!DOCTYPE a [<!ENTITY x 'y'>]><a/>");
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> refuses(String document) {
    return assertThatThrownBy(() -> XmlTree.parse(document.getBytes(UTF_8)))
        .isInstanceOf(MalformedPayloadException.class);
  }
}
