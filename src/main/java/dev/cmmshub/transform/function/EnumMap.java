package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.StringJoiner;

/**
 * {@code enum_map}: what the table has for the value; a value it lacks is an error unless a third
 * argument is given.
 */
public final class EnumMap extends NamedFunction {
  private static final int SHOWN = 10;

  public EnumMap() {
    super(
        "enum_map(value: text, table: object, otherwise?: any) -> any",
        "What the table has for the value; a value it lacks is an error unless a third argument is"
            + " given.",
        2,
        3);
  }

  private static String keys(JsonNode table) {
    StringJoiner keys = new StringJoiner(", ");
    Iterator<String> names = table.fieldNames();
    for (int i = 0; i < SHOWN && names.hasNext(); i++) {
      keys.add(names.next());
    }
    return names.hasNext() ? keys + ", …" : keys.toString();
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
    throw arguments.expected(0, "one of " + keys(arguments.object(1)));
  }
}
