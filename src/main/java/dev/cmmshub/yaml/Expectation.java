package dev.cmmshub.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.message.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * What a part of a JSON Schema wants, in words.
 *
 * @param schema the part; what is marked {@code writeOnly} is a secret and not shown
 */
record Expectation(JsonNode schema) {
  private static final int SHOWN = 60;

  String insteadOfName(String wrong) {
    TreeSet<String> known = new TreeSet<>();
    schema.path("properties").fieldNames().forEachRemaining(known::add);
    return "unknown field '"
        + wrong
        + "', "
        + Nearest.didYouMean(wrong, known)
        + "expected one of "
        + String.join(", ", known);
  }

  String missing(String name) {
    String description = described(schema.path("properties").path(name));
    return "'" + name + "' is missing" + (description.isEmpty() ? "" : ": " + description);
  }

  /**
   * @param keyword of the schema that the value does not fit
   */
  String insteadOf(JsonNode value, String keyword) {
    return shown(value)
        + switch (keyword) {
          case "type" -> "expected " + types() + ", found " + kind(value);
          case "enum" -> "expected one of " + list(schema.path("enum"));
          case "minItems" -> "expected at least " + schema.path("minItems").asInt() + " of them";
          case "minimum" -> "expected " + schema.path("minimum").asText() + " or more";
          case "maximum" -> "expected " + schema.path("maximum").asText() + " or less";
          default -> "expected: " + described(schema) + examples();
        };
  }

  private String shown(JsonNode value) {
    if (!value.isValueNode() || value.isNull() || schema.path("writeOnly").asBoolean()) {
      return "";
    }
    String text = value.asText();
    return "'" + (text.length() > SHOWN ? text.substring(0, SHOWN - 1) + "…" : text) + "': ";
  }

  private String examples() {
    JsonNode examples = schema.path("examples");
    return examples.isEmpty() || !examples.get(0).isValueNode()
        ? ""
        : " (such as " + list(examples) + ")";
  }

  private String types() {
    List<String> types = new ArrayList<>();
    JsonNode type = schema.path("type");
    (type.isArray() ? type : List.of(type)).forEach(t -> types.add(inWords(t.asText())));
    types.remove("nothing");
    return String.join(" or ", types);
  }

  private static String kind(JsonNode value) {
    return inWords(value.getNodeType().name().toLowerCase(java.util.Locale.ROOT));
  }

  private static String inWords(String type) {
    return switch (type) {
      case "object" -> "names with values";
      case "array" -> "a list";
      case "string" -> "a text";
      case "boolean" -> "true or false";
      case "integer", "number" -> "a number";
      case "null", "missing" -> "nothing";
      default -> type;
    };
  }

  /** Without the full stop: it stands in the middle of a line. */
  private static String described(JsonNode schema) {
    return schema.path("description").asText().replaceFirst("\\.$", "");
  }

  private static String list(JsonNode values) {
    return StreamSupport.stream(values.spliterator(), false)
        .filter(value -> !value.isNull())
        .map(JsonNode::asText)
        .collect(Collectors.joining(", "));
  }
}
