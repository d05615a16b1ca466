package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import java.time.Instant;

/** {@code epoch}: seconds (s, the default) or milliseconds (ms) since 1970 of an RFC 3339 time. */
public final class Epoch extends NamedFunction {
  public Epoch() {
    super(
        "epoch(dt: text, unit?: text) -> int",
        "Seconds (s, the default) or milliseconds (ms) since 1970 of an RFC 3339 time.",
        1,
        2);
  }

  @Override
  JsonNode call(Arguments arguments) {
    Instant instant = Times.instant(arguments, 0);
    return switch (arguments.text(1, "s")) {
      case "s" -> LongNode.valueOf(instant.getEpochSecond());
      case "ms" -> LongNode.valueOf(instant.toEpochMilli());
      default -> throw arguments.expected(1, "s or ms");
    };
  }
}
