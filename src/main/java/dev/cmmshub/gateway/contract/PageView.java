package dev.cmmshub.gateway.contract;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.message.CanonicalSchemas;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What the page's template fills in, out of the documents. */
record PageView(String style, JsonNode openApi, JsonNode asyncApi, JsonNode versionTable) {
  private static final String SCHEMAS = "/components/schemas";

  Map<String, Object> values() {
    Set<String> objects = objects();
    Set<String> entities = new TreeSet<>(CanonicalSchemas.ENTITIES);
    References http = new References(openApi);
    References events = new References(asyncApi);
    Types httpTypes = new Types(http, objects);
    Types eventTypes = new Types(events, entities);
    Fields httpFields = new Fields(http, httpTypes);
    Fields eventFields = new Fields(events, eventTypes);
    return Map.of(
        "style", style,
        "title", openApi.at("/info/title").asText(),
        "summary", openApi.at("/info/summary").asText(),
        "description", Prose.html(openApi.at("/info/description")),
        "events", Prose.html(asyncApi.at("/info/description")),
        "versions", versions(),
        "keys", keys(),
        "groups", new Operations(http, httpFields, httpTypes).groups(),
        "channels", new Channels(events, eventFields, eventTypes).all(),
        "shapes",
            List.of(
                new Shapes("Canonical objects", shapes(asyncApi, entities, eventFields)),
                new Shapes("Other objects", shapes(openApi, objects, httpFields))));
  }

  private record Shapes(String title, List<Shape> all) {}

  private record Key(String name, String description) {}

  private record Version(
      String name,
      String status,
      String deprecation,
      String sunset,
      String successor,
      String link) {}

  private List<Version> versions() {
    List<Version> versions = new ArrayList<>();
    for (JsonNode one : versionTable.path("versions")) {
      versions.add(
          new Version(
              one.path("name").asText(),
              one.path("status").asText(),
              one.path("deprecation").asText(),
              one.path("sunset").asText(),
              one.path("successor").asText(),
              one.path("link").asText()));
    }
    return versions;
  }

  private List<Key> keys() {
    List<Key> keys = new ArrayList<>();
    openApi
        .at("/components/securitySchemes")
        .properties()
        .forEach(
            one -> keys.add(new Key(one.getKey(), Prose.html(one.getValue().path("description")))));
    return keys;
  }

  /** Schemas of the HTTP API that have members. */
  private Set<String> objects() {
    Set<String> names = new TreeSet<>();
    for (Map.Entry<String, JsonNode> one : openApi.at(SCHEMAS).properties()) {
      if (one.getValue().has("properties") || one.getValue().has("allOf")) {
        names.add(one.getKey());
      }
    }
    return names;
  }

  private static List<Shape> shapes(JsonNode document, Set<String> names, Fields fields) {
    List<Shape> shapes = new ArrayList<>();
    for (String name : names) {
      JsonNode schema = document.at(SCHEMAS).get(name);
      shapes.add(
          new Shape(
              name,
              schema.path("title").asText(),
              Prose.html(schema.path("description")),
              fields.of(schema)));
    }
    return shapes;
  }
}
