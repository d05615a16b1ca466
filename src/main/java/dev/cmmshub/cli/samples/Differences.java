package dev.cmmshub.cli.samples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Where two JSON documents differ, by path, in words. */
final class Differences {
  private static final int WIDEST = 60;

  private final List<String> found = new ArrayList<>();

  private Differences() {}

  static List<String> between(JsonNode expected, JsonNode actual) {
    Differences differences = new Differences();
    differences.compare("", expected, actual);
    return differences.found;
  }

  private void compare(String path, JsonNode expected, JsonNode actual) {
    if (expected.isObject() && actual.isObject()) {
      Set<String> names = new LinkedHashSet<>();
      expected.fieldNames().forEachRemaining(names::add);
      actual.fieldNames().forEachRemaining(names::add);
      for (String name : names) {
        compare(path.isEmpty() ? name : path + '.' + name, expected.path(name), actual.path(name));
      }
    } else if (expected.isArray() && actual.isArray()) {
      for (int i = 0; i < Math.max(expected.size(), actual.size()); i++) {
        compare(path + '[' + i + ']', expected.path(i), actual.path(i));
      }
    } else if (!expected.equals(actual)) {
      found.add(
          (path.isEmpty() ? "all of it" : path)
              + ": expected "
              + shown(expected)
              + ", got "
              + shown(actual));
    }
  }

  private static String shown(JsonNode node) {
    if (node instanceof MissingNode) {
      return "nothing";
    }
    String text = node.toString();
    return text.length() > WIDEST ? text.substring(0, WIDEST) + "…" : text;
  }
}
