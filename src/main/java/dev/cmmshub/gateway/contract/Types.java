package dev.cmmshub.gateway.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.cmmshub.gateway.contract.Shape.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Says in a word or two what a schema takes. */
final class Types {
  private static final Type ANYTHING = new Type("anything", "");

  private final References references;
  private final Set<String> shapes;

  /**
   * @param shapes names of schemas that the page shows by themselves
   */
  Types(References references, Set<String> shapes) {
    this.references = references;
    this.shapes = shapes;
  }

  /** Whether the schema is a reference to one that the page shows by itself. */
  boolean isShape(JsonNode schema) {
    return shapes.contains(References.name(schema));
  }

  Type of(JsonNode schema) {
    if (isShape(schema)) {
      String name = References.name(schema);
      return new Type(name, name);
    }
    JsonNode whole = references.resolve(schema);
    if (whole.has("items")) {
      return within("array of ", whole.get("items"));
    }
    if (whole.path("additionalProperties").isObject()) {
      return within("object of ", whole.get("additionalProperties"));
    }
    return whole.has("properties") || whole.has("allOf") ? new Type("object", "") : plain(whole);
  }

  private Type within(String text, JsonNode inner) {
    Type type = of(inner);
    return new Type(text + type.text(), type.shape());
  }

  private static Type plain(JsonNode schema) {
    if (schema.has("const")) {
      return new Type("\"" + schema.get("const").asText() + '"', "");
    }
    if (schema.has("enum")) {
      return new Type(words(schema.get("enum"), ", "), "");
    }
    if (!schema.has("type")) {
      return ANYTHING;
    }
    String format = schema.path("format").asText();
    return new Type(
        words(schema.get("type"), " or ") + (format.isEmpty() ? "" : ", " + format), "");
  }

  private static String words(JsonNode one, String between) {
    List<JsonNode> all = new ArrayList<>();
    if (one instanceof ArrayNode several) {
      several.forEach(all::add);
    } else {
      all.add(one);
    }
    return all.stream().map(JsonNode::asText).collect(Collectors.joining(between));
  }
}
