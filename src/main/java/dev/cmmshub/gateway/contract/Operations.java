package dev.cmmshub.gateway.contract;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.gateway.contract.Shape.Row;
import dev.cmmshub.gateway.contract.Shape.Type;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Tells the operations of the OpenAPI document, by their tags. */
final class Operations {
  private static final Set<String> METHODS =
      Set.of("get", "put", "post", "delete", "patch", "head", "options");

  /** What is done with one thing; {@code description} is text. */
  record Group(String name, String description, List<Operation> operations) {}

  /**
   * One method of one path.
   *
   * @param keys what can be shown to be let in, or that nothing has to
   * @param description HTML
   */
  record Operation(
      String id,
      String method,
      String path,
      String summary,
      String keys,
      String description,
      List<Row> parameters,
      List<Body> bodies,
      List<Answer> answers) {}

  /** What a body is in one media type; the example may be empty. */
  record Body(String mediaType, Type type, String example) {}

  /**
   * What is answered.
   *
   * @param description HTML
   */
  record Answer(String status, String description, List<String> headers, List<Body> bodies) {}

  private final References references;
  private final Fields fields;
  private final Types types;

  Operations(References references, Fields fields, Types types) {
    this.references = references;
    this.fields = fields;
    this.types = types;
  }

  List<Group> groups() {
    List<Group> groups = new ArrayList<>();
    for (JsonNode tag : references.document().get("tags")) {
      String name = tag.get("name").asText();
      groups.add(new Group(name, tag.path("description").asText(), of(name)));
    }
    return groups;
  }

  private List<Operation> of(String tag) {
    List<Operation> operations = new ArrayList<>();
    for (Map.Entry<String, JsonNode> path : references.document().get("paths").properties()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        JsonNode operation = method.getValue();
        if (METHODS.contains(method.getKey()) && operation.at("/tags/0").asText().equals(tag)) {
          operations.add(operation(path.getKey(), method.getKey(), operation));
        }
      }
    }
    return operations;
  }

  private Operation operation(String path, String method, JsonNode operation) {
    return new Operation(
        operation.get("operationId").asText(),
        method.toUpperCase(Locale.ROOT),
        path,
        operation.path("summary").asText(),
        keys(operation.path("security")),
        Prose.html(operation.path("description")),
        parameters(operation.path("parameters")),
        bodies(references.resolve(operation.path("requestBody")).path("content")),
        answers(operation.get("responses")));
  }

  private String keys(JsonNode own) {
    JsonNode needed = own.isMissingNode() ? references.document().path("security") : own;
    List<String> names = new ArrayList<>();
    for (JsonNode one : needed) {
      Iterator<String> name = one.fieldNames();
      names.add(name.hasNext() ? name.next() : "in the body");
    }
    return names.isEmpty() ? "no key" : String.join(" or ", names);
  }

  private List<Row> parameters(JsonNode parameters) {
    List<Row> rows = new ArrayList<>();
    for (JsonNode one : parameters) {
      JsonNode parameter = references.resolve(one);
      rows.add(
          fields.row(
              parameter.get("name").asText(),
              parameter.get("in").asText(),
              parameter.path("schema"),
              parameter.path("required").asBoolean(),
              parameter));
    }
    return rows;
  }

  private List<Body> bodies(JsonNode content) {
    List<Body> bodies = new ArrayList<>();
    for (Map.Entry<String, JsonNode> one : content.properties()) {
      JsonNode example = one.getValue().path("example");
      bodies.add(
          new Body(
              one.getKey(),
              types.of(one.getValue().path("schema")),
              example.isTextual() ? example.asText() : example.toPrettyString()));
    }
    return bodies;
  }

  private List<Answer> answers(JsonNode responses) {
    List<Answer> answers = new ArrayList<>();
    for (Map.Entry<String, JsonNode> one : responses.properties()) {
      JsonNode response = references.resolve(one.getValue());
      List<String> headers = new ArrayList<>();
      response.path("headers").fieldNames().forEachRemaining(headers::add);
      answers.add(
          new Answer(
              one.getKey(),
              Prose.html(response.path("description")),
              headers,
              bodies(response.path("content"))));
    }
    return answers;
  }
}
