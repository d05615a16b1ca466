package dev.cmmshub.transform.function;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;

/**
 * {@code unit_code}: the UN/ECE Rec 20 code of a unit as sap, odoo, erpnext or iso write it; an
 * unknown unit is an error.
 */
public final class UnitCode extends NamedFunction {
  private static final Map<String, Map<String, String>> TABLES = load();

  public UnitCode() {
    super(
        "unit_code(unit: text, system: text) -> text",
        "The UN/ECE Rec 20 code of a unit as sap, odoo, erpnext or iso write it; others are errors.",
        2,
        2);
  }

  @Override
  JsonNode call(Arguments arguments) {
    Map<String, String> table = TABLES.get(arguments.text(1));
    if (table == null) {
      throw arguments.expected(1, "one of " + new TreeSet<>(TABLES.keySet()));
    }
    String code = table.get(arguments.text(0).trim().toUpperCase(Locale.ROOT));
    if (code == null) {
      throw arguments.expected(0, "a unit of " + arguments.text(1) + " that has a UN/ECE code");
    }
    return text(code);
  }

  /** {@code units.properties} has a line {@code system.UNIT=CODE} for each unit. */
  private static Map<String, Map<String, String>> load() {
    Properties lines = new Properties();
    try (InputStream stream = UnitCode.class.getResourceAsStream("/transform/units.properties")) {
      lines.load(stream);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, Map<String, String>> tables = new HashMap<>();
    lines.forEach(
        (key, code) -> {
          String[] parts = key.toString().split("\\.", 2);
          tables.computeIfAbsent(parts[0], t -> new HashMap<>()).put(parts[1], code.toString());
        });
    return tables;
  }
}
