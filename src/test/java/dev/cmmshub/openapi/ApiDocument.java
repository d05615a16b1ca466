package dev.cmmshub.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.gateway.contract.OpenApi;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The OpenAPI document as the hub serves it. */
final class ApiDocument {
  private final Place root;

  private ApiDocument(JsonNode document) {
    this.root = Place.root(document);
  }

  static ApiDocument served() {
    return new ApiDocument(OpenApi.read());
  }

  JsonNode json() {
    return root.node();
  }

  Place root() {
    return root;
  }

  /** All operations there are, of one port. */
  Stream<Operation> operations(boolean administration) {
    return paths(administration)
        .flatMap(
            path ->
                path.getValue().members().stream()
                    .filter(member -> member.getValue().child("responses").isThere())
                    .map(
                        member ->
                            new Operation(
                                member.getKey().toUpperCase(Locale.ROOT),
                                path.getKey(),
                                path.getValue(),
                                Map.of())));
  }

  /**
   * The operation a request is for: a path without parameters counts before one with, from the
   * left. It may not be described, if only the method is unknown.
   */
  Optional<Operation> find(boolean administration, String method, String rawPath) {
    return paths(administration)
        .sorted(Comparator.comparing(path -> path.getKey().replace('{', '\uffff')))
        .flatMap(
            path ->
                segments(path.getKey(), rawPath).stream()
                    .map(found -> new Operation(method, path.getKey(), path.getValue(), found)))
        .findFirst();
  }

  private Stream<Map.Entry<String, Place>> paths(boolean administration) {
    return root.child("paths").members().stream()
        .filter(path -> path.getValue().child("servers").isThere() == administration);
  }

  private static Optional<Map<String, String>> segments(String template, String rawPath) {
    List<String> wanted = List.of(template.split("/", -1));
    List<String> given = List.of(rawPath.split("/", -1));
    if (wanted.size() != given.size()) {
      return Optional.empty();
    }
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < wanted.size(); i++) {
      String name = wanted.get(i);
      String value = URLDecoder.decode(given.get(i).replace("+", "%2B"), StandardCharsets.UTF_8);
      if (name.startsWith("{") && !value.isEmpty()) {
        values.put(name.substring(1, name.length() - 1), value);
      } else if (!name.equals(value)) {
        return Optional.empty();
      }
    }
    return Optional.of(values);
  }
}
