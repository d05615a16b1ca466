package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/** {@code flatten}: the elements of an array of arrays, one level deep, nulls left out. */
public final class Flatten extends NamedFunction {
  public Flatten() {
    super(
        "flatten(array: array) -> array",
        "The elements of an array of arrays, one level deep, nulls left out.",
        1,
        1);
  }

  @Override
  JsonNode call(Arguments arguments) {
    ArrayNode flat = JsonNodeFactory.instance.arrayNode();
    for (JsonNode element : arguments.array(0)) {
      if (element.isArray()) {
        for (JsonNode inner : element) {
          if (!inner.isNull()) {
            flat.add(inner);
          }
        }
      } else if (!element.isNull()) {
        flat.add(element);
      }
    }
    return flat;
  }
}
