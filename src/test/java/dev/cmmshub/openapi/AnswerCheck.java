package dev.cmmshub.openapi;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What of an answer the document does not describe. */
final class AnswerCheck {
  /** What HTTP itself puts there (RFC 9110, 9111). */
  private static final Set<String> OF_HTTP =
      Set.of(
          "content-type",
          "content-length",
          "transfer-encoding",
          "connection",
          "date",
          "cache-control");

  private static final Set<Integer> REFUSALS = Set.of(400, 401, 403, 404, 405, 410, 413, 421, 431);

  private final Schemas schemas = new Schemas();
  private final Bodies bodies = new Bodies(schemas);

  Stream<String> mistakes(Operation operation, HttpResponse<String> answer) {
    Optional<Place> described = operation.answer(answer.statusCode());
    if (described.isEmpty()) {
      return Stream.of("status " + answer.statusCode() + " is not described: " + answer.body());
    }
    List<String> mistakes = new ArrayList<>();
    headers(described.get(), answer, mistakes);
    body(described.get(), answer, mistakes);
    return mistakes.stream();
  }

  /** Of a path or method that is not described: it has to be refused, by a problem document. */
  List<String> ofNothing(HttpResponse<String> answer) {
    List<String> mistakes = new ArrayList<>();
    if (!REFUSALS.contains(answer.statusCode())) {
      mistakes.add("expected one of " + REFUSALS);
    }
    String type = answer.headers().firstValue("Content-Type").orElse("none");
    if (!answer.body().isEmpty() && !type.equals("application/problem+json")) {
      mistakes.add("expected a problem document, not " + type);
    }
    if (answer.statusCode() == 405 && answer.headers().firstValue("Allow").isEmpty()) {
      mistakes.add("405 without Allow (RFC 9110)");
    }
    return mistakes;
  }

  private void headers(Place described, HttpResponse<String> answer, List<String> mistakes) {
    List<String> names = new ArrayList<>();
    described
        .child("headers")
        .members()
        .forEach(
            header -> {
              names.add(header.getKey().toLowerCase(Locale.ROOT));
              Optional<String> value = answer.headers().firstValue(header.getKey());
              if (value.isEmpty() && header.getValue().node().path("required").asBoolean()) {
                mistakes.add("header " + header.getKey() + " is missing");
              }
              value.ifPresent(
                  text ->
                      schemas
                          .mistakes(header.getValue().child("schema"), text)
                          .forEach(m -> mistakes.add("header " + header.getKey() + ": " + m)));
            });
    answer.headers().map().keySet().stream()
        .filter(name -> !names.contains(name.toLowerCase(Locale.ROOT)))
        .filter(name -> !OF_HTTP.contains(name.toLowerCase(Locale.ROOT)) && !name.startsWith(":"))
        .forEach(name -> mistakes.add("header " + name + " is not described"));
  }

  private void body(Place described, HttpResponse<String> answer, List<String> mistakes) {
    Optional<String> type = answer.headers().firstValue("Content-Type");
    if (answer.body().isEmpty()) {
      return;
    }
    if (type.isEmpty()) {
      mistakes.add("a body without Content-Type");
      return;
    }
    bodies
        .mistakes(described, type.get(), answer.body().getBytes(UTF_8))
        .forEach(mistake -> mistakes.add("body: " + mistake));
  }
}
