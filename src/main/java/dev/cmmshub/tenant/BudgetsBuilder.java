package dev.cmmshub.tenant;

import dev.cmmshub.yaml.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/** Builds budgets of fields that fit the schema, by host or host and port. */
final class BudgetsBuilder {
  private BudgetsBuilder() {}

  static Map<String, Budget> build(Field budgets) {
    Map<String, Budget> built = new TreeMap<>();
    budgets.fields().forEach((authority, field) -> built.put(authority, budget(field)));
    return built;
  }

  private static Budget budget(Field field) {
    List<QuietHours> quiet = new ArrayList<>();
    for (Field hours : field.at("quiet").items()) {
      hours.text().flatMap(text -> hours.read(() -> QuietHours.of(text))).ifPresent(quiet::add);
    }
    return new Budget(number(field.at("inFlight")), number(field.at("requestsPerSecond")), quiet);
  }

  private static OptionalInt number(Field field) {
    return field.text().map(Integer::valueOf).map(OptionalInt::of).orElse(OptionalInt.empty());
  }
}
