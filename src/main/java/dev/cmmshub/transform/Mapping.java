package dev.cmmshub.transform;

import com.fasterxml.jackson.databind.JsonNode;
import com.schibsted.spt.data.jslt.Expression;
import com.schibsted.spt.data.jslt.JsltException;
import com.schibsted.spt.data.jslt.Parser;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A JSLT file compiled once; applying it is deterministic and safe from any thread. */
public final class Mapping {
  private final Expression expression;
  private final String name;

  private Mapping(Expression expression, String name) {
    this.expression = expression;
    this.name = name;
  }

  /**
   * Compiles a file. It may import files beside it and nothing else.
   *
   * @throws TransformException naming file, line and column, and what was expected
   */
  public static Mapping compile(Path file, FunctionLibrary functions) {
    try {
      String text = read(file);
      Expression expression =
          new Parser(new StringReader(text))
              .withSource(file.toString())
              .withFunctions(functions.forJslt())
              .withResourceResolver(name -> beside(file, name))
              .compile();
      return new Mapping(expression, file.toString());
    } catch (JsltException e) {
      throw new TransformException(place(file.toString(), e), e);
    } catch (IOException | UncheckedIOException e) {
      throw new TransformException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static String read(Path file) throws IOException {
    String text = Files.readString(file);
    MappingRules.check(file.toString(), text);
    return text;
  }

  private static Reader beside(Path file, String name) {
    if (!name.matches("[A-Za-z0-9._-]+")) {
      throw new JsltException(
          "import '"
              + name
              + "': expected the name of a file in "
              + file.toAbsolutePath().getParent());
    }
    try {
      return new StringReader(read(file.resolveSibling(name)));
    } catch (IOException e) {
      throw new UncheckedIOException("import '" + name + "'", e);
    }
  }

  /**
   * Translates.
   *
   * @throws TransformException naming the file and line
   */
  public JsonNode apply(JsonNode input) {
    try {
      return expression.apply(input);
    } catch (JsltException e) {
      throw new TransformException(place(name, e), e);
    } catch (TransformException e) {
      throw new TransformException(name + ": " + e.getMessage(), e);
    }
  }

  private static String place(String file, JsltException e) {
    String line = e.getLine() > 0 ? ":" + e.getLine() + ":" + e.getColumn() : "";
    return file + line + ": " + e.getMessageWithoutLocation();
  }
}
