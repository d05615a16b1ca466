package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.HashSet;
import java.util.Set;

/** {@code distinct}: the elements without repetitions, in their first order; 1 and 1.0 are one. */
public final class Distinct extends NamedFunction {
  public Distinct() {
    super(
        "distinct(array: array) -> array",
        "The elements without repetitions, in their first order; 1 and 1.0 are one.",
        1,
        1);
  }

  @Override
  JsonNode call(Arguments arguments) {
    ArrayNode found = JsonNodeFactory.instance.arrayNode();
    Set<Object> seen = new HashSet<>();
    for (JsonNode element : arguments.array(0)) {
      if (seen.add(identity(element))) {
        found.add(element);
      }
    }
    return found;
  }
}
