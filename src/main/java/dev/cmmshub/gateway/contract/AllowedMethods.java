package dev.cmmshub.gateway.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Which methods a path takes, as the description of the HTTP API says: for {@code Allow}. */
public final class AllowedMethods {
  private record Entry(Pattern pattern, Set<String> methods) {}

  private final List<Entry> entries;

  /**
   * Reads the description.
   *
   * @param administration whether of the administration port; else of the gateway
   */
  public AllowedMethods(JsonNode openApi, boolean administration) {
    // What a path says itself counts before what stands for anything, from the left.
    Map<String, Entry> sorted = new TreeMap<>();
    for (Map.Entry<String, JsonNode> path : openApi.path("paths").properties()) {
      if (path.getValue().has("servers") == administration) {
        sorted.put(path.getKey().replace('{', '\uffff'), entry(path.getKey(), path.getValue()));
      }
    }
    entries = List.copyOf(sorted.values());
  }

  private static Entry entry(String template, JsonNode operations) {
    Set<String> methods = new TreeSet<>();
    for (Map.Entry<String, JsonNode> operation : operations.properties()) {
      if (operation.getValue().has("responses")) {
        methods.add(operation.getKey().toUpperCase(Locale.ROOT));
      }
    }
    return new Entry(pattern(template), methods);
  }

  private static Pattern pattern(String template) {
    return Pattern.compile(
        template.replace("{version}", "v[0-9]+").replaceAll("\\{[a-zA-Z]+}", "[^/]+"));
  }

  /** The value of {@code Allow} (RFC 9110): names with commas, empty if there is no such path. */
  public String of(String path) {
    return entries.stream()
        .filter(entry -> entry.pattern().matcher(path).matches())
        .findFirst()
        .map(entry -> String.join(", ", entry.methods()))
        .orElse("");
  }
}
