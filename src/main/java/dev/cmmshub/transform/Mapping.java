package dev.cmmshub.transform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.schibsted.spt.data.jslt.Expression;
import com.schibsted.spt.data.jslt.JsltException;
import com.schibsted.spt.data.jslt.Parser;
import dev.cmmshub.yaml.FileStamp;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A JSLT file compiled once; applying it is deterministic and safe from any thread. */
public final class Mapping {
  private static final String CODES = "codes";

  private final Expression expression;
  private final Path file;
  private final FileStamp stamp;

  private Mapping(Expression expression, Path file, FileStamp stamp) {
    this.expression = expression;
    this.file = file;
    this.stamp = stamp;
  }

  /**
   * Compiles a file. It may import files beside it and nothing else.
   *
   * @throws TransformException naming file, line and column, and what was expected
   */
  public static Mapping compile(Path file, FunctionLibrary functions) {
    FileStamp.Reading reading = new FileStamp.Reading();
    reading.begin(file);
    try {
      Expression expression =
          new Parser(new StringReader(read(file, false)))
              .withSource(file.toString())
              .withFunctions(functions.forJslt())
              .withResourceResolver(name -> beside(file, name, reading))
              .compile();
      return new Mapping(expression, file, reading.stamp());
    } catch (JsltException e) {
      throw new TransformException(MappingErrors.compiling(file, e, functions), e);
    }
  }

  private static String read(Path file, boolean imported) {
    try {
      String text = Files.readString(file);
      MappingRules.check(file.toString(), text, imported);
      return text;
    } catch (IOException e) {
      throw new TransformException(
          file + ": cannot be read, expected a JSLT file in UTF-8 (" + e + ")", e);
    }
  }

  /** Links are followed first, so that none leads out of the folder. */
  private static Reader beside(Path file, String name, FileStamp.Reading reading) {
    try {
      if (name.matches("[A-Za-z0-9_-][A-Za-z0-9._-]*")) {
        Path imported = file.resolveSibling(name);
        reading.begin(imported);
        if (imported.toRealPath().equals(file.toRealPath().resolveSibling(name))) {
          return new StringReader(read(imported, true));
        }
      }
    } catch (IOException e) {
      throw new TransformException(file + ": import \"" + name + "\": there is no such file", e);
    }
    throw new TransformException(
        file + ": import \"" + name + "\": expected the name of a file beside it");
  }

  /** Of the file and those it imports, each as it was just before it was read. */
  FileStamp stamp() {
    return stamp;
  }

  /** The same as {@link #apply(JsonNode, JsonNode)} without code tables. */
  public JsonNode apply(JsonNode input) {
    return apply(input, NullNode.getInstance());
  }

  /**
   * Translates. Whatever goes wrong is this one input's failure.
   *
   * @param codes what the variable {@code $codes} stands for: tables by name
   * @throws TransformException naming the file, and the line where JSLT knows it
   */
  public JsonNode apply(JsonNode input, JsonNode codes) {
    try {
      return expression.apply(Map.of(CODES, codes), input);
    } catch (TransformException e) {
      throw e.in(file.toString());
    } catch (JsltException e) {
      throw new TransformException(MappingErrors.running(file, e), e);
    } catch (StackOverflowError e) {
      throw new TransformException(file + ": a def calls itself without end", e);
    } catch (RuntimeException e) {
      // JSLT's own functions let such escape; their messages can hold whole values.
      throw new TransformException(
          file + ": JSLT cannot compute this (" + e.getClass().getSimpleName() + ")", e);
    }
  }
}
