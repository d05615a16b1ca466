package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.f4b6a3.uuid.UuidCreator;
import java.util.UUID;

/** {@code uuid5}: the UUID version 5 of a name within a namespace, itself a UUID. */
public final class Uuid5 extends NamedFunction {
  public Uuid5() {
    super(
        "uuid5(namespace: text, name: text) -> text",
        "The UUID version 5 of a name within a namespace, itself a UUID.",
        2,
        2);
  }

  @Override
  JsonNode call(Arguments arguments) {
    if (!arguments.has(1)) {
      return null;
    }
    try {
      return text(
          UuidCreator.getNameBasedSha1(UUID.fromString(arguments.text(0)), arguments.text(1))
              .toString());
    } catch (IllegalArgumentException e) {
      throw arguments.expected(0, "a UUID");
    }
  }
}
