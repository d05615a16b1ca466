package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;

/** {@code first}: the first element; null when there is none. */
public final class First extends NamedFunction {
  public First() {
    super("first(array: array) -> any", "The first element; null when there is none.", 1, 1);
  }

  @Override
  JsonNode call(Arguments arguments) {
    return arguments.array(0).get(0);
  }
}
