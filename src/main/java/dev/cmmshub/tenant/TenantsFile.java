package dev.cmmshub.tenant;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.LoaderOptions;

/**
 * Reads {@code tenants.yaml} strictly: a typo is an error that tells the line and what is allowed.
 */
public final class TenantsFile {
  private static final int MOST_ALIASES = 50;

  private final YAMLMapper mapper;
  private final TenantsBuilder builder;

  public TenantsFile(TenantsBuilder builder) {
    LoaderOptions options = new LoaderOptions();
    options.setMaxAliasesForCollections(MOST_ALIASES);
    options.setAllowDuplicateKeys(false);
    this.mapper =
        YAMLMapper.builder(YAMLFactory.builder().loaderOptions(options).build())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();
    this.builder = builder;
  }

  /**
   * Reads the whole file or nothing.
   *
   * @throws IllegalArgumentException naming file, line and column, and what was expected
   */
  public Tenants read(Path file) {
    try {
      return builder.build(mapper.readValue(Files.readAllBytes(file), TenantsDocument.class));
    } catch (UnrecognizedPropertyException e) {
      throw unknown(file, e);
    } catch (ValueInstantiationException e) {
      throw invalid(file, e.getLocation(), e.getCause().getMessage(), e);
    } catch (JsonProcessingException e) {
      throw invalid(file, e.getLocation(), oneLine(e.getOriginalMessage()), e);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          file
              + ": cannot be read ("
              + e.getMessage()
              + "); name the file with --tenants or hub.tenants.file",
          e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }

  /** Without line breaks, pictures of the place and names of classes. */
  private static String oneLine(String message) {
    return message
        .replaceAll("(?s)\\n in 'reader'.*?\\^\\n?", " ")
        .replaceAll("`java\\.util\\.(?:Array)?List<[^`]*`", "a list")
        .replaceAll("`java\\.util\\.(?:Linked(?:Hash)?)?Map<[^`]*`", "names with values")
        .replaceAll("`[^`]*\\$(\\w+)Node`", "a $1")
        .replaceAll("\\s+", " ")
        .trim();
  }

  /** Where the field itself stands: unknown ones are told of when the reader is past them. */
  private JsonLocation place(Path file, JsonMappingException e) throws IOException {
    StringBuilder path = new StringBuilder();
    e.getPath()
        .forEach(
            step ->
                path.append('/')
                    .append(step.getFieldName() == null ? step.getIndex() : step.getFieldName()));
    try (JsonParser parser = mapper.createParser(Files.readAllBytes(file))) {
      while (parser.nextToken() != null) {
        if (parser.currentToken() == JsonToken.FIELD_NAME
            && parser.getParsingContext().pathAsPointer().toString().contentEquals(path)) {
          return parser.currentTokenLocation();
        }
      }
    }
    return e.getLocation();
  }

  private IllegalArgumentException unknown(Path file, UnrecognizedPropertyException e) {
    String reason =
        "unknown field '"
            + e.getPropertyName()
            + "', expected one of "
            + e.getKnownPropertyIds().stream()
                .map(String::valueOf)
                .sorted()
                .collect(Collectors.joining(", "));
    try {
      return invalid(file, place(file, e), reason, e);
    } catch (IOException gone) {
      return invalid(file, e.getLocation(), reason, e);
    }
  }

  private static IllegalArgumentException invalid(
      Path file, JsonLocation at, String reason, Exception cause) {
    String place = at == null ? "" : ":" + at.getLineNr() + ":" + at.getColumnNr();
    return new IllegalArgumentException(file + place + ": " + reason, cause);
  }
}
