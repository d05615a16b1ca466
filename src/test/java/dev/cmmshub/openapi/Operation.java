package dev.cmmshub.openapi;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the document says of one method of a path.
 *
 * @param path as the document writes it
 * @param segments values of the path's parameters
 */
record Operation(String method, String path, Place pathItem, Map<String, String> segments) {

  boolean isDescribed() {
    return place().isThere();
  }

  Place place() {
    return pathItem.child(method.toLowerCase(java.util.Locale.ROOT));
  }

  Optional<Place> answer(int status) {
    return Optional.of(place().child("responses", Integer.toString(status))).filter(Place::isThere);
  }

  /** Parameters of one kind: path, query or header. */
  List<Place> parameters(String in) {
    return Stream.concat(
            pathItem.child("parameters").elements(), place().child("parameters").elements())
        .filter(parameter -> parameter.node().path("in").asText().equals(in))
        .toList();
  }

  /** The first entry of the content that fits a media type, by the type's own name or a star. */
  static Optional<Place> content(Place message, String mediaType) {
    String bare = mediaType.split(";")[0].strip().toLowerCase(java.util.Locale.ROOT);
    List<String> names = new ArrayList<>(List.of(bare, bare.split("/")[0] + "/*", "*/*"));
    return names.stream()
        .map(name -> message.child("content", name))
        .filter(Place::isThere)
        .findFirst();
  }

  @Override
  public String toString() {
    return method + ' ' + path;
  }
}
