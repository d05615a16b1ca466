package dev.cmmshub.gateway.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.gateway.contract.Shape.Row;
import dev.cmmshub.message.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tells the members of a schema, nested ones too, as rows of a table. */
final class Fields {
  private static final int DEEPEST = 4;

  private final References references;
  private final Types types;

  Fields(References references, Types types) {
    this.references = references;
    this.types = types;
  }

  /** In the order they are written in, those of {@code allOf} first. */
  List<Row> of(JsonNode schema) {
    List<Row> rows = new ArrayList<>();
    collect(schema, "", 0, rows);
    return rows;
  }

  private void collect(JsonNode schema, String way, int depth, List<Row> rows) {
    Set<String> required = new HashSet<>();
    members(schema, required)
        .properties()
        .forEach(member -> add(member, way, required.contains(member.getKey()), depth, rows));
  }

  private void add(
      Map.Entry<String, JsonNode> member, String way, boolean required, int depth, List<Row> rows) {
    JsonNode value = member.getValue();
    String name = way + member.getKey();
    rows.add(row(name, "", value, required, value));
    JsonNode items = references.resolve(value).path("items");
    boolean list = items.isObject();
    JsonNode inner = list ? items : value;
    if (depth < DEEPEST && !types.isShape(inner)) {
      collect(inner, name + (list ? "[]." : "."), depth + 1, rows);
    }
  }

  /**
   * One row.
   *
   * @param described holds the description, if the schema does not
   */
  Row row(String name, String where, JsonNode schema, boolean required, JsonNode described) {
    JsonNode whole = references.resolve(schema);
    JsonNode text = described.path("description");
    return new Row(
        name,
        where,
        types.of(schema),
        required,
        Prose.html(text.isMissingNode() ? whole.path("description") : text),
        types.isShape(schema) ? List.of() : Limits.of(whole));
  }

  /** What is said of a member outside completes what {@code allOf} says of it. */
  private ObjectNode members(JsonNode schema, Set<String> required) {
    JsonNode whole = references.resolve(schema);
    ObjectNode members = Json.mapper().createObjectNode();
    for (JsonNode part : whole.path("allOf")) {
      members.setAll(members(part, required));
    }
    for (Map.Entry<String, JsonNode> member : whole.path("properties").properties()) {
      JsonNode before = members.get(member.getKey());
      members.set(
          member.getKey(),
          before == null ? member.getValue() : completed(before, member.getValue()));
    }
    whole.path("required").forEach(name -> required.add(name.asText()));
    return members;
  }

  private JsonNode completed(JsonNode before, JsonNode more) {
    ObjectNode both = references.resolve(before).deepCopy();
    return both.setAll((ObjectNode) more);
  }
}
