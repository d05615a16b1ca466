package dev.cmmshub.gateway.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Says in words what values fit a schema, beyond their type. */
final class Limits {
  private Limits() {}

  static List<String> of(JsonNode schema) {
    List<String> limits = new ArrayList<>();
    range(schema, "minLength", "maxLength", " characters", limits);
    range(schema, "minItems", "maxItems", " items", limits);
    range(schema, "minimum", "maximum", "", limits);
    if (schema.has("pattern")) {
      limits.add("matches " + schema.get("pattern").asText());
    }
    if (schema.has("default")) {
      limits.add("default " + schema.get("default").asText());
    }
    return limits;
  }

  private static void range(
      JsonNode schema, String least, String most, String unit, List<String> limits) {
    String from = schema.path(least).asText();
    String to = schema.path(most).asText();
    if (!from.isEmpty() && !to.isEmpty()) {
      limits.add(from + " to " + to + unit);
    } else if (!from.isEmpty()) {
      limits.add("at least " + from + unit);
    } else if (!to.isEmpty()) {
      limits.add("at most " + to + unit);
    }
  }
}
