package dev.cmmshub.yaml;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.JsonNodePath;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import dev.cmmshub.message.Nearest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;

/**
 * The JSON Schema (2020-12) of a kind of file. Its descriptions are what people read when something
 * does not fit.
 */
public final class YamlSchema {
  private final JsonNode text;
  private final JsonSchema schema;

  /**
   * @param resource its path in the class path
   */
  public YamlSchema(String resource) {
    try (InputStream stream = YamlSchema.class.getResourceAsStream(resource)) {
      text = new ObjectMapper().readTree(stream);
    } catch (IOException e) {
      throw new UncheckedIOException(resource, e);
    }
    schema =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(
                text, SchemaValidatorsConfig.builder().pathType(PathType.JSON_POINTER).build());
  }

  /** Notes everything in the file that does not fit. */
  public void check(YamlFile file) {
    Set<ValidationMessage> messages = schema.validate(file.root().value());
    List<ValidationMessage> unknown =
        messages.stream().filter(m -> m.getType().equals("additionalProperties")).toList();
    for (ValidationMessage message : messages) {
      if (unknown.stream().noneMatch(name -> explains(name, message))) {
        note(file.root(), message);
      }
    }
  }

  /** A field that is written wrongly is missing as well; once is enough. */
  private static boolean explains(ValidationMessage unknown, ValidationMessage other) {
    if (!unknown.getInstanceLocation().equals(other.getInstanceLocation())) {
      return false;
    }
    return switch (other.getType()) {
      case "oneOf" -> true;
      case "required" ->
          !Nearest.didYouMean(unknown.getProperty(), List.of(other.getProperty())).isEmpty();
      default -> false;
    };
  }

  private void note(Field root, ValidationMessage message) {
    String evaluation = message.getEvaluationPath().toString();
    // What fits no alternative is told as that, not as a list of ways in which it does not.
    if (evaluation.contains("/oneOf/")) {
      return;
    }
    int alternatives = evaluation.indexOf("/anyOf/");
    String type = alternatives < 0 ? message.getType() : "anyOf";
    String keyword =
        alternatives < 0 ? evaluation : evaluation.substring(0, alternatives) + "/anyOf";
    String holder = keyword.substring(0, keyword.lastIndexOf('/')).replaceFirst("/then$", "");
    Expectation expected = new Expectation(at(holder));
    Field field = field(root, message.getInstanceLocation());
    String property = message.getProperty();
    switch (type) {
      case "additionalProperties" -> field.at(property).wrongName(expected.insteadOfName(property));
      case "propertyNames" ->
          field
              .at(property)
              .wrongName(new Expectation(at(keyword)).insteadOf(new TextNode(property), "pattern"));
      case "dependentRequired" -> field.wrong(message.getError());
      case "required" -> field.wrong(expected.missing(property));
      default -> field.wrong(expected.insteadOf(field.value(), type));
    }
  }

  private static Field field(Field root, JsonNodePath location) {
    if (location.getParent() == null) {
      return root;
    }
    Field parent = field(root, location.getParent());
    Object element = location.getElement(-1);
    return element instanceof Integer index
        ? parent.items().get(index)
        : parent.at(element.toString());
  }

  /** The part of the schema that a way of evaluation leads to. */
  private JsonNode at(String evaluation) {
    JsonNode here = text;
    for (JsonPointer way = JsonPointer.compile(evaluation); !way.matches(); way = way.tail()) {
      String step = way.getMatchingProperty();
      here =
          step.equals("$ref")
              ? referred(here)
              : here.isArray() ? here.path(way.getMatchingIndex()) : here.path(step);
    }
    return here.has("description") ? here : referred(here);
  }

  private JsonNode referred(JsonNode here) {
    String reference = here.path("$ref").asText();
    return reference.isEmpty() ? here : text.at(reference.substring(1));
  }
}
