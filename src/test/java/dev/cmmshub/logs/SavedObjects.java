package dev.cmmshub.logs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.message.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What Kibana is given, and what it would ask Elasticsearch for it. */
final class SavedObjects {
  static final Path FILE = Path.of("docker/elk/kibana/objects.ndjson");

  private SavedObjects() {}

  static List<JsonNode> all() throws IOException {
    return Files.readAllLines(FILE).stream().map(SavedObjects::parse).toList();
  }

  static List<JsonNode> of(String type) throws IOException {
    return all().stream().filter(one -> one.get("type").asText().equals(type)).toList();
  }

  /** JSON within a text of the object. */
  static JsonNode inner(JsonNode object, String pointer) {
    return parse(object.at(pointer).asText());
  }

  static String query(JsonNode object) {
    JsonNode query =
        inner(object, "/attributes/kibanaSavedObjectMeta/searchSourceJSON").get("query");
    if (!query.get("language").asText().equals("lucene")) {
      throw new AssertionError("only Lucene's language is run by the engine itself: " + query);
    }
    return query.get("query").asText();
  }

  /** Kibana's request for a saved search, and for a visualisation with its aggregations nested. */
  static ObjectNode request(JsonNode object) {
    ObjectNode request = Json.mapper().createObjectNode();
    request
        .putObject("query")
        .putObject("query_string")
        .put("query", query(object))
        .put("analyze_wildcard", true);
    request.put("size", 500).put("track_total_hits", true);
    JsonNode sort = object.at("/attributes/sort");
    sort.forEach(
        by -> request.withArray("sort").addObject().put(by.get(0).asText(), by.get(1).asText()));
    if (object.get("type").asText().equals("visualization")) {
      ObjectNode into = request;
      for (JsonNode agg : inner(object, "/attributes/visState").get("aggs")) {
        into = aggregation(agg, into);
      }
    }
    return request;
  }

  private static ObjectNode aggregation(JsonNode agg, ObjectNode into) {
    String type = agg.get("type").asText();
    JsonNode params = agg.get("params");
    if (type.equals("count")) {
      return into;
    }
    ObjectNode one = into.putObject("aggs").putObject("by");
    String field = params.get("field").asText();
    switch (type) {
      case "terms" ->
          one.putObject("terms").put("field", field).put("size", params.get("size").asInt());
      case "date_histogram" ->
          one.putObject("date_histogram")
              .put("field", field)
              .put("fixed_interval", "1m")
              .put("min_doc_count", params.get("min_doc_count").asInt());
      default -> throw new AssertionError("an aggregation nobody tests: " + type);
    }
    return one;
  }

  private static JsonNode parse(String text) {
    try {
      return Json.mapper().readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
