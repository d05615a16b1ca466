package dev.cmmshub.openapi;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import dev.cmmshub.message.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The document's schemas, JSON Schema 2020-12 with formats. */
final class Schemas {
  private static final SchemaValidatorsConfig FORMATS =
      SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();

  private final JsonSchemaFactory factory =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
  private final Map<JsonPointer, JsonSchema> compiled = new ConcurrentHashMap<>();

  /** What is wrong with the value; nothing if there is no schema. */
  List<String> mistakes(Place schema, JsonNode value) {
    return schema.isThere()
        ? compiled.computeIfAbsent(schema.pointer(), at -> compile(schema)).validate(value).stream()
            .map(Object::toString)
            .toList()
        : List.of();
  }

  /** What is wrong with a parameter or header, which is a text as it is sent. */
  List<String> mistakes(Place schema, String value) {
    return mistakes(schema, typed(schema.node().path("type").asText(), value));
  }

  private static JsonNode typed(String type, String value) {
    if (type.equals("integer") && value.matches("-?[0-9]{1,18}")) {
      return LongNode.valueOf(Long.parseLong(value));
    }
    if (type.equals("boolean") && value.matches("true|false")) {
      return BooleanNode.valueOf(Boolean.parseBoolean(value));
    }
    return TextNode.valueOf(value);
  }

  /** A document of its own, with the components as definitions. */
  private JsonSchema compile(Place schema) {
    ObjectNode whole = Json.mapper().createObjectNode();
    whole.putArray("allOf").add(schema.node());
    whole.set("$defs", schema.document().at("/components/schemas"));
    String text = whole.toString().replace("#/components/schemas/", "#/$defs/");
    return factory.getSchema(Json.read(text.getBytes(StandardCharsets.UTF_8)), FORMATS);
  }
}
