package dev.cmmshub.yaml;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * A file that somebody wrote, and what is wrong with it. Each of its readers notes the mistakes it
 * finds, so that all are told at once. For one thread.
 */
public final class YamlFile {
  private static final int MOST_ALIASES = 50;

  /** Tens of thousands of tenants; SnakeYAML would take 3 MB. */
  private static final int MOST_CHARACTERS = 64 << 20;

  private static final int FINGERPRINT_BYTES = 8;
  private static final YAMLMapper MAPPER = mapper();

  private record Noted(JsonPointer pointer, String field, boolean ofName, String what) {}

  private final Path file;
  private final byte[] content;
  private final JsonNode root;
  private final Set<Noted> noted = new LinkedHashSet<>();

  private YamlFile(Path file, byte[] content, JsonNode root) {
    this.file = file;
    this.content = content;
    this.root = root;
  }

  private static YAMLMapper mapper() {
    LoaderOptions options = new LoaderOptions();
    options.setMaxAliasesForCollections(MOST_ALIASES);
    options.setCodePointLimit(MOST_CHARACTERS);
    options.setAllowDuplicateKeys(false);
    return YAMLMapper.builder(new TextKeepingFactory(YAMLFactory.builder().loaderOptions(options)))
        .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
        // What stands behind a line --- would be left out without a word.
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        // A number that is read as text keeps its digits: 1.10 stays 1.10.
        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
        .build();
  }

  /**
   * Reads a file; an empty one has no fields.
   *
   * @param advice what to do when it cannot be read
   * @throws MistakesException when it is no YAML, telling where, or cannot be read
   */
  public static YamlFile read(Path file, String advice) {
    try {
      return of(file, Files.readAllBytes(file));
    } catch (IOException e) {
      throw new MistakesException(
          List.of(new Mistake(file, "cannot be read (" + e.getMessage() + "); " + advice)), e);
    }
  }

  /**
   * The same for what is not in a file yet.
   *
   * @param file what to call it
   */
  public static YamlFile of(Path file, byte[] content) {
    try {
      return new YamlFile(file, content, MAPPER.readTree(content));
    } catch (JsonProcessingException e) {
      throw new MistakesException(List.of(mistake(file, e)), e);
    } catch (IOException e) {
      throw new UncheckedIOException("bytes are read without a file", e);
    }
  }

  private static Mistake mistake(Path file, JsonProcessingException e) {
    String what =
        e instanceof MismatchedInputException
            ? "a second document begins here; a file is one, without lines --- and ..."
            : oneLine(e.getOriginalMessage());
    if (e.getCause() instanceof MarkedYAMLException marked && marked.getProblemMark() != null) {
      Mark at = marked.getProblemMark();
      return new Mistake(file, at.getLine() + 1, at.getColumn() + 1, "", what);
    }
    JsonLocation at = e.getLocation();
    return at == null
        ? new Mistake(file, what)
        : new Mistake(file, at.getLineNr(), at.getColumnNr(), "", what);
  }

  /** Without line breaks and pictures of the place. */
  private static String oneLine(String message) {
    return message.replaceAll("(?s)\\n in 'reader'.*?\\^\\n?", " ").replaceAll("\\s+", " ").trim();
  }

  public Field root() {
    return new Field(this, JsonPointer.empty(), "", root);
  }

  /** Sixteen hexadecimal digits that are the same for the same bytes. */
  public String fingerprint() {
    return fingerprint(content);
  }

  /** The same of bytes that are not read. */
  public static String fingerprint(byte[] content) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
      return HexFormat.of().formatHex(hash, 0, FINGERPRINT_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  public Path path() {
    return file;
  }

  void wrong(JsonPointer pointer, String field, boolean ofName, String what) {
    noted.add(new Noted(pointer, field, ofName, what));
  }

  boolean isSound(JsonPointer pointer) {
    if (noted.isEmpty()) {
      return true;
    }
    String here = pointer.toString();
    return noted.stream()
        .map(known -> known.pointer().toString())
        .noneMatch(known -> known.equals(here) || known.startsWith(here + "/"));
  }

  /** Everything that was noted, from the top of the file to its end. */
  public List<Mistake> mistakes() {
    if (noted.isEmpty()) {
      return List.of();
    }
    Places places = places();
    List<Mistake> mistakes = new ArrayList<>();
    for (Noted known : noted) {
      Places.Place place = places.of(known.pointer(), known.ofName());
      mistakes.add(new Mistake(file, place.line(), place.column(), known.field(), known.what()));
    }
    mistakes.sort(Comparator.comparing(Mistake::line).thenComparing(Mistake::column));
    return mistakes;
  }

  private Places places() {
    try (JsonParser parser = MAPPER.createParser(content)) {
      return Places.read(parser);
    } catch (IOException e) {
      throw new IllegalStateException(file + " was read before", e);
    }
  }

  /**
   * @throws MistakesException with everything that was noted, if anything was
   */
  public void requireSound() {
    if (!noted.isEmpty()) {
      throw new MistakesException(mistakes());
    }
  }
}
