package dev.cmmshub.openapi;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What of a request the document does not describe. */
final class RequestCheck {
  private final Schemas schemas = new Schemas();
  private final Bodies bodies = new Bodies(schemas);

  Stream<String> mistakes(Operation operation, HttpRequest request) {
    List<String> mistakes = new ArrayList<>();
    operation.parameters("path").forEach(one -> parameter(one, operation.segments(), mistakes));
    Map<String, String> query = query(request.uri().getRawQuery());
    List<Place> described = operation.parameters("query");
    described.forEach(one -> parameter(one, query, mistakes));
    described.forEach(one -> query.remove(one.node().path("name").asText()));
    query.keySet().forEach(name -> mistakes.add("query: no parameter '" + name + "'"));
    for (Place header : operation.parameters("header")) {
      String name = header.node().path("name").asText();
      Map<String, String> values = new LinkedHashMap<>();
      request.headers().firstValue(name).ifPresent(value -> values.put(name, value));
      parameter(header, values, mistakes);
    }
    key(operation, request, mistakes);
    body(operation, request, mistakes);
    return mistakes.stream();
  }

  private void parameter(Place parameter, Map<String, String> values, List<String> mistakes) {
    String name = parameter.node().path("name").asText();
    String value = values.get(name);
    if (value != null) {
      schemas
          .mistakes(parameter.child("schema"), value)
          .forEach(mistake -> mistakes.add("request's " + name + ": " + mistake));
    } else if (parameter.node().path("required").asBoolean()) {
      mistakes.add("request: without " + name);
    }
  }

  private static void key(Operation operation, HttpRequest request, List<String> mistakes) {
    boolean open =
        operation.place().child("security").isThere()
            && operation.place().child("security").elements().allMatch(one -> one.node().isEmpty());
    boolean optional =
        operation.place().child("security").elements().anyMatch(one -> one.node().isEmpty());
    if (!open
        && !optional
        && Stream.of("Authorization", "X-API-Key")
            .noneMatch(name -> request.headers().firstValue(name).isPresent())) {
      mistakes.add("request: taken without a key");
    }
  }

  private void body(Operation operation, HttpRequest request, List<String> mistakes) {
    Place described = operation.place().child("requestBody");
    Optional<byte[]> sent = Bodies.sent(request).filter(bytes -> bytes.length > 0);
    if (sent.isEmpty()) {
      if (described.node().path("required").asBoolean()) {
        mistakes.add("request: without a body");
      }
    } else if (!described.isThere()) {
      mistakes.add("request: with a body");
    } else {
      request
          .headers()
          .firstValue("Content-Type")
          .ifPresent(
              type ->
                  bodies
                      .mistakes(described, type, sent.get())
                      .forEach(mistake -> mistakes.add("request's body: " + mistake)));
    }
  }

  private static Map<String, String> query(String raw) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String pair : raw == null || raw.isEmpty() ? new String[0] : raw.split("&")) {
      String[] parts = pair.split("=", 2);
      values.put(
          URLDecoder.decode(parts[0], UTF_8),
          parts.length == 1 ? "" : URLDecoder.decode(parts[1], UTF_8));
    }
    return values;
  }
}
