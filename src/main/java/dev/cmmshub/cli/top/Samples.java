package dev.cmmshub.cli.top;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a metrics page says, in Prometheus' text format 0.0.4. */
public final class Samples {
  private static final Pattern LINE =
      Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? ([^ ]+)(?: -?[0-9]+)?");
  private static final Pattern LABEL =
      Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\.)*)\",?");

  /** One value. */
  public record Sample(Map<String, String> labels, double value) {
    /** Of a label; empty when it is not there. */
    public String label(String name) {
      return labels.getOrDefault(name, "");
    }
  }

  private final Map<String, List<Sample>> byName = new HashMap<>();

  private Samples() {}

  /** Lines that are no samples are left out. */
  public static Samples parse(String page) {
    Samples samples = new Samples();
    page.lines()
        .filter(line -> line.startsWith("hub_"))
        .map(LINE::matcher)
        .filter(Matcher::matches)
        .forEach(
            line ->
                samples
                    .byName
                    .computeIfAbsent(line.group(1), name -> new ArrayList<>())
                    .add(new Sample(labels(line.group(2)), number(line.group(3)))));
    return samples;
  }

  private static Map<String, String> labels(String text) {
    Map<String, String> labels = new HashMap<>();
    if (text != null) {
      Matcher label = LABEL.matcher(text);
      while (label.find()) {
        labels.put(label.group(1), plain(label.group(2)));
      }
    }
    return labels;
  }

  private static String plain(String value) {
    return value.indexOf('\\') < 0
        ? value
        : value.replace("\\n", "\n").replace("\\\"", "\"").replace("\\\\", "\\");
  }

  private static double number(String text) {
    return switch (text) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }

  /** All values of a metric. */
  public List<Sample> of(String name) {
    return byName.getOrDefault(name, List.of());
  }

  /** The sum of those that fit. */
  public double sum(String name, Predicate<Sample> which) {
    return of(name).stream().filter(which).mapToDouble(Sample::value).sum();
  }
}
