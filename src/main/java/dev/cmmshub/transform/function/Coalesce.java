package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;

/** {@code coalesce}: the first value that is not null. */
public final class Coalesce extends NamedFunction {
  public Coalesce() {
    super("coalesce(values...) -> any", "The first value that is not null.", 1, Integer.MAX_VALUE);
  }

  @Override
  boolean takesNull() {
    return true;
  }

  @Override
  JsonNode call(Arguments arguments) {
    for (int i = 0; i < arguments.count(); i++) {
      if (arguments.has(i)) {
        return arguments.node(i);
      }
    }
    return null;
  }
}
