package dev.cmmshub.dashboards;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.dashboards.Dashboards.Dashboard;
import dev.cmmshub.dashboards.Dashboards.Panel;
import dev.cmmshub.dashboards.Dashboards.Query;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes each dashboard as a page: what its panels show, from Prometheus' own answers. For looking
 * at them without a Grafana.
 */
public final class DashboardPages {
  private static final int WIDTH = 560;
  private static final int HEIGHT = 180;
  private static final int MOST_LINES = 12;
  private static final List<String> COLOURS =
      List.of(
          "#2563eb", "#d97706", "#059669", "#dc2626", "#7c3aed", "#0891b2", "#be185d", "#65a30d",
          "#475569", "#ea580c", "#4f46e5", "#0d9488");
  private static final String STYLE =
      """
      body{font:14px sans-serif;background:#f4f5f7;color:#1f2937;margin:24px}
      main{display:flex;flex-wrap:wrap;gap:16px}
      section{background:#fff;border:1px solid #d8dce3;border-radius:6px;padding:12px;width:560px}
      section.stat{width:160px} h2{font-size:14px;margin:0 0 4px} p{margin:0 0 8px;color:#6b7280}
      .big{font-size:28px} ul{list-style:none;margin:6px 0 0;padding:0;font-size:12px}
      li{display:inline-block;margin-right:12px} td{padding:2px 12px 2px 0;font-size:12px}
      text{font-size:11px;fill:#6b7280}
      """;

  /** One line: its name, and times and values. */
  private record Line(String name, List<double[]> points) {
    double last() {
      return points.get(points.size() - 1)[1];
    }
  }

  private final PrometheusServer prometheus;
  private final Instant from;
  private final Instant to;

  public DashboardPages(PrometheusServer prometheus, Instant from, Instant to) {
    this.prometheus = prometheus;
    this.from = from;
    this.to = to;
  }

  /** One file a dashboard. */
  public void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (Dashboard dashboard : Dashboards.all()) {
      StringBuilder page = new StringBuilder("<!doctype html><meta charset=utf-8><title>");
      page.append(escaped(dashboard.title())).append("</title><style>").append(STYLE);
      page.append("</style><h1>").append(escaped(dashboard.title())).append("</h1><p>");
      page.append(from).append(" to ").append(to).append("</p><main>");
      for (Panel panel : dashboard.panels()) {
        draw(page, panel, dashboard.all());
      }
      Files.writeString(folder.resolve(dashboard.name() + ".html"), page.append("</main>\n"));
    }
  }

  private void draw(StringBuilder page, Panel panel, Map<String, String> variables) {
    List<Line> lines = new ArrayList<>();
    for (Query query : panel.queries()) {
      lines.addAll(lines(query, variables));
    }
    lines.sort((a, b) -> Double.compare(b.last(), a.last()));
    page.append("<section class=").append(panel.type()).append("><h2>");
    page.append(escaped(panel.title())).append("</h2>");
    if (lines.isEmpty()) {
      page.append("<p>nothing</p>");
    } else if (panel.type().equals("stat")) {
      page.append("<div class=big>").append(text(lines.get(0).last(), panel.unit()));
      page.append("</div>");
    } else if (panel.type().equals("table")) {
      table(page, panel, lines);
    } else {
      page.append("<p>").append(escaped(panel.description())).append("</p>");
      chart(page, panel, lines);
    }
    page.append("</section>\n");
  }

  private List<Line> lines(Query query, Map<String, String> variables) {
    Duration step = Duration.ofSeconds(Math.max(1, Duration.between(from, to).toSeconds() / 200));
    List<Line> lines = new ArrayList<>();
    for (JsonNode series : prometheus.range(query.with(variables), from, to, step)) {
      List<double[]> points = new ArrayList<>();
      for (JsonNode point : series.get("values")) {
        double value = Double.parseDouble(point.get(1).asText().replace("Inf", "Infinity"));
        if (Double.isFinite(value)) {
          points.add(new double[] {point.get(0).asDouble(), value});
        }
      }
      if (!points.isEmpty()) {
        lines.add(new Line(name(query.legend(), series.get("metric")), points));
      }
    }
    return lines;
  }

  private static String name(String legend, JsonNode metric) {
    StringBuilder labels = new StringBuilder();
    String text = legend;
    for (Map.Entry<String, JsonNode> label : metric.properties()) {
      labels.append(label.getKey().equals("__name__") ? "" : label.getKey() + '=');
      labels.append(label.getValue().asText()).append(' ');
      text = text.replace("{{" + label.getKey() + "}}", label.getValue().asText());
    }
    text = text.replaceAll("\\{\\{\\w+}}", "").trim();
    return text.isEmpty() ? labels.toString().trim() : text;
  }

  private static void table(StringBuilder page, Panel panel, List<Line> lines) {
    page.append("<table>");
    for (Line line : lines) {
      page.append("<tr><td>").append(escaped(line.name())).append("<td>");
      page.append(text(line.last(), panel.unit()));
    }
    page.append("</table>");
  }

  private void chart(StringBuilder page, Panel panel, List<Line> lines) {
    double most =
        lines.stream()
            .flatMap(line -> line.points().stream())
            .mapToDouble(p -> p[1])
            .max()
            .orElse(0);
    double top = most <= 0 ? 1 : most * 1.05;
    page.append("<svg width=").append(WIDTH).append(" height=").append(HEIGHT).append('>');
    page.append("<line x1=0 x2=560 y1=179 y2=179 stroke=#9ca3af />");
    int colour = 0;
    for (Line line : lines.subList(0, Math.min(MOST_LINES, lines.size()))) {
      page.append("<polyline fill=none stroke-width=1.5 stroke=\"");
      page.append(COLOURS.get(colour++ % COLOURS.size())).append("\" points=\"");
      for (double[] point : line.points()) {
        page.append(x(point[0])).append(',');
        page.append(number(HEIGHT - 1 - point[1] / top * (HEIGHT - 16))).append(' ');
      }
      page.append("\"/>");
    }
    page.append("<text x=2 y=12>").append(text(most, panel.unit())).append("</text></svg><ul>");
    colour = 0;
    for (Line line : lines.subList(0, Math.min(MOST_LINES, lines.size()))) {
      page.append("<li style=\"color:").append(COLOURS.get(colour++ % COLOURS.size()));
      page.append("\">").append(escaped(line.name())).append(": ");
      page.append(text(line.last(), panel.unit())).append("</li>");
    }
    page.append("</ul>");
  }

  private String x(double second) {
    double whole = Math.max(1, Duration.between(from, to).toSeconds());
    return number((second - from.getEpochSecond()) / whole * WIDTH);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private static String text(double value, String unit) {
    return switch (unit) {
      case "percentunit" -> String.format(Locale.ROOT, "%.1f %%", value * 100);
      case "s" -> String.format(Locale.ROOT, value < 1 ? "%.3f s" : "%.1f s", value);
      case "ops", "cps" -> String.format(Locale.ROOT, "%.2f/s", value);
      case "bytes" -> String.format(Locale.ROOT, "%.0f MB", value / 1e6);
      case "ms" -> String.format(Locale.ROOT, "%.1f ms", value);
      default -> String.format(Locale.ROOT, value == Math.rint(value) ? "%.0f" : "%.2f", value);
    };
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }
}
