package dev.cmmshub.yaml;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** Where each name and each value of a file stands. */
final class Places {
  /** Line and column count from 1. */
  record Place(int line, int column) {}

  private static final Place TOP = new Place(1, 1);

  private final Map<String, Place> names = new HashMap<>();
  private final Map<String, Place> values = new HashMap<>();

  private Places() {}

  static Places read(JsonParser parser) throws IOException {
    Places places = new Places();
    while (parser.nextToken() != null) {
      JsonToken token = parser.currentToken();
      if (!token.isStructEnd()) {
        Map<String, Place> kind = token == JsonToken.FIELD_NAME ? places.names : places.values;
        JsonLocation at = parser.currentTokenLocation();
        kind.put(
            parser.getParsingContext().pathAsPointer().toString(),
            new Place(at.getLineNr(), at.getColumnNr()));
      }
    }
    return places;
  }

  /** The place of a value or of its name, or of the nearest that holds it. */
  Place of(JsonPointer pointer, boolean ofName) {
    Map<String, Place> first = ofName ? names : values;
    Map<String, Place> second = ofName ? values : names;
    for (JsonPointer at = pointer; at != null; at = at.head()) {
      String here = at.toString();
      Place place = first.getOrDefault(here, second.get(here));
      if (place != null) {
        return place;
      }
    }
    return TOP;
  }
}
