package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * {@code enum_map}: what the table has for the value; a value it lacks is an error unless a third
 * argument is given.
 */
public final class EnumMap extends NamedFunction {
  public EnumMap() {
    super(
        "enum_map(value: text, table: object, otherwise?: any) -> any",
        "What the table has for the value; a value it lacks is an error unless a third argument is given.",
        2,
        3);
  }

  @Override
  JsonNode call(Arguments arguments) {
    JsonNode mapped = arguments.object(1).get(arguments.text(0));
    if (mapped != null) {
      return mapped;
    }
    if (arguments.count() > 2) {
      return arguments.node(2);
    }
    throw arguments.expected(0, "one of the table's");
  }
}
