package dev.cmmshub.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.message.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What each variant reached in each round, in operations a second. */
final class Result {
  private final String scenario;
  private final int rounds;
  private final Map<String, List<Double>> speeds = new LinkedHashMap<>();
  private final Map<String, List<Double>> p99 = new LinkedHashMap<>();
  private final Map<String, List<Double>> micros = new LinkedHashMap<>();
  private final Map<String, List<Double>> bytes = new LinkedHashMap<>();

  Result(String scenario, int rounds) {
    this.scenario = scenario;
    this.rounds = rounds;
  }

  void add(String variant, double perSecond) {
    speeds.computeIfAbsent(variant, v -> new ArrayList<>()).add(perSecond);
  }

  /** Milliseconds. */
  void addP99(String variant, double millis) {
    p99.computeIfAbsent(variant, v -> new ArrayList<>()).add(millis);
  }

  void addCost(String variant, Cost.PerOperation each) {
    micros.computeIfAbsent(variant, v -> new ArrayList<>()).add(each.micros());
    bytes.computeIfAbsent(variant, v -> new ArrayList<>()).add(each.bytes());
  }

  void print(boolean json) {
    double hub = median(speeds.get("hub"));
    if (json) {
      ObjectNode document = Json.mapper().createObjectNode();
      document.put("scenario", scenario).put("rounds", rounds).put("hub", Math.round(hub));
      ObjectNode baselines = document.putObject("baselines");
      ObjectNode ratios = document.putObject("ratios");
      speeds.forEach(
          (variant, values) -> {
            if (!variant.equals("hub")) {
              baselines.put(variant, Math.round(median(values)));
              ratios.put(variant, Math.round(hub / median(values) * 1000) / 1000.0);
            }
          });
      if (!p99.isEmpty()) {
        ObjectNode millis = document.putObject("p99Millis");
        p99.forEach((variant, values) -> millis.put(variant, median(values)));
      }
      if (!micros.isEmpty()) {
        ObjectNode cpu = document.putObject("cpuMicros");
        micros.forEach(
            (variant, values) -> cpu.put(variant, Math.round(median(values) * 10) / 10.0));
        ObjectNode allocated = document.putObject("allocatedBytes");
        bytes.forEach((variant, values) -> allocated.put(variant, Math.round(median(values))));
      }
      System.out.println(document);
      return;
    }
    System.out.printf(
        Locale.ROOT, "%n%s: median of %d rounds (lowest to highest)%n", scenario, rounds);
    speeds.forEach(
        (variant, values) ->
            System.out.printf(
                Locale.ROOT,
                "  %-16s %,10.0f /s  (%,.0f to %,.0f)%s%s%s%n",
                variant,
                median(values),
                values.stream().min(Double::compare).orElse(0.0),
                values.stream().max(Double::compare).orElse(0.0),
                variant.equals("hub")
                    ? ""
                    : String.format(Locale.ROOT, "  hub is %.2f of it", hub / median(values)),
                p99.containsKey(variant)
                    ? String.format(Locale.ROOT, "  p99 %.1f ms", median(p99.get(variant)))
                    : "",
                micros.containsKey(variant)
                    ? String.format(
                        Locale.ROOT,
                        "  each %.1f us of processor, %,.0f bytes",
                        median(micros.get(variant)),
                        median(bytes.get(variant)))
                    : ""));
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
