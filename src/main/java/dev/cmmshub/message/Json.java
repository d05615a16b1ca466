package dev.cmmshub.message;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.regex.Pattern;

/**
 * The one JSON reader and writer: bounded in depth, string and number length; decimals stay exact.
 */
public final class Json {
  private static final int DEEPEST = 64;
  private static final int LONGEST_STRING = 1 << 20;
  private static final int LONGEST_NUMBER = 1000;
  private static final long LONGEST_DOCUMENT = 10L << 20;

  /** What the parser adds about a source it does not show; line and column are told anyway. */
  private static final Pattern WHERE_IT_IS =
      Pattern.compile(" ?\\((start marker )?at \\[Source: [^]]*]\\)");

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEEPEST)
                          .maxStringLength(LONGEST_STRING)
                          .maxNumberLength(LONGEST_NUMBER)
                          .maxDocumentLength(LONGEST_DOCUMENT)
                          .build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private static final ObjectReader TREES = MAPPER.reader();

  private Json() {}

  /** Shared, immutable and safe to use from any thread. */
  public static JsonMapper mapper() {
    return MAPPER;
  }

  /**
   * Parses a whole document.
   *
   * @throws MalformedPayloadException with line and column
   */
  public static JsonNode read(byte[] bytes) {
    try {
      JsonNode node = TREES.readTree(bytes);
      if (node == null || node.isMissingNode()) {
        throw new MalformedPayloadException("empty body, expected a JSON document", 1, 1);
      }
      return node;
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new MalformedPayloadException(
          "not valid JSON: " + WHERE_IT_IS.matcher(e.getOriginalMessage()).replaceAll(""),
          e.getLocation() == null ? 0 : e.getLocation().getLineNr(),
          e.getLocation() == null ? 0 : e.getLocation().getColumnNr());
    } catch (java.io.IOException e) {
      throw new MalformedPayloadException("not valid JSON: not UTF-8", 0, 0);
    }
  }

  /** Writes a tree as UTF-8 bytes. */
  public static byte[] write(JsonNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree can always be written", e);
    }
  }
}
