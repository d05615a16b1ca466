package dev.cmmshub.openapi;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A place in the document; references are followed on the way. */
record Place(JsonNode document, JsonPointer pointer) {

  static Place root(JsonNode document) {
    return new Place(document, JsonPointer.empty());
  }

  JsonNode node() {
    return document.at(pointer);
  }

  boolean isThere() {
    return !node().isMissingNode();
  }

  Place child(String... names) {
    Place place = this;
    for (String name : names) {
      place = new Place(document, place.pointer.appendProperty(name)).resolved();
    }
    return place;
  }

  private Place resolved() {
    JsonNode reference = node().path("$ref");
    return reference.isTextual()
        ? new Place(document, JsonPointer.compile(reference.asText().substring(1))).resolved()
        : this;
  }

  /** The members of an object, none if it is not there. */
  List<Map.Entry<String, Place>> members() {
    return node().properties().stream()
        .map(member -> Map.entry(member.getKey(), child(member.getKey())))
        .toList();
  }

  Stream<Place> elements() {
    return StreamSupport.stream(node().spliterator(), false)
        .map(
            element -> {
              int index = 0;
              while (node().get(index) != element) {
                index++;
              }
              return new Place(document, pointer.appendIndex(index)).resolved();
            });
  }
}
