package dev.cmmshub.transform;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.schibsted.spt.data.jslt.Expression;
import com.schibsted.spt.data.jslt.JsltException;
import com.schibsted.spt.data.jslt.Parser;
import dev.cmmshub.message.MappingUsed;
import dev.cmmshub.yaml.FileStamp;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;

/** A JSLT file compiled once; applying it is deterministic and safe from any thread. */
public final class Mapping {
  private static final String CODES = "codes";
  private static final int NAMES_SHOWN = 3;

  private final Expression expression;
  private final Path file;
  private final FileStamp stamp;
  private final String sha256;
  private volatile MappingUsed used = new MappingUsed(0, "", "", "");

  private Mapping(Expression expression, Path file, FileStamp stamp, String sha256) {
    this.expression = expression;
    this.file = file;
    this.stamp = stamp;
    this.sha256 = sha256;
  }

  /**
   * Compiles a file. It may import files beside it and nothing else.
   *
   * @throws TransformException naming file, line and column, and what was expected
   */
  public static Mapping compile(Path file, FunctionLibrary functions) {
    FileStamp.Reading reading = new FileStamp.Reading();
    MessageDigest content = MappingUsed.digest();
    reading.begin(file);
    try {
      Expression expression =
          new Parser(new StringReader(read(file, false, content)))
              .withSource(file.toString())
              .withFunctions(functions.forJslt())
              .withResourceResolver(name -> beside(file, name, reading, content))
              .compile();
      return new Mapping(
          expression, file, reading.stamp(), HexFormat.of().formatHex(content.digest()));
    } catch (JsltException e) {
      throw new TransformException(MappingErrors.compiling(file, e, functions), e);
    }
  }

  private static String read(Path file, boolean imported, MessageDigest content) {
    try {
      String text = Files.readString(file);
      content.update(text.getBytes(UTF_8));
      MappingRules.check(file.toString(), text, imported);
      return text;
    } catch (IOException e) {
      throw new TransformException(
          file + ": cannot be read, expected a JSLT file in UTF-8 (" + e + ")", e);
    }
  }

  /** Links are followed first, so that none leads out of the folder. */
  private static Reader beside(
      Path file, String name, FileStamp.Reading reading, MessageDigest content) {
    try {
      if (name.matches("[A-Za-z0-9_-][A-Za-z0-9._-]*")) {
        Path imported = file.resolveSibling(name);
        reading.begin(imported);
        if (imported.toRealPath().equals(file.toRealPath().resolveSibling(name))) {
          return new StringReader(read(imported, true, content));
        }
      }
    } catch (IOException e) {
      throw new TransformException(file + ": import \"" + name + "\": there is no such file", e);
    }
    throw new TransformException(
        file + ": import \"" + name + "\": expected the name of a file beside it");
  }

  /** What to note of it when it translates something of a system with this connector. */
  MappingUsed usedFor(String connector) {
    MappingUsed known = used;
    if (!known.connector().equals(connector)) {
      int names = file.getNameCount();
      Path end = file.subpath(Math.max(0, names - NAMES_SHOWN), names);
      known = MappingUsed.of(connector, end.toString().replace('\\', '/'), sha256);
      used = known;
    }
    return known;
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
