package dev.cmmshub.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/** A table for people: columns are as wide as their widest value. */
final class Columns {
  private static final String BETWEEN = "  ";

  private final List<String[]> rows = new ArrayList<>();

  Columns(String... titles) {
    rows.add(titles);
  }

  void add(String... values) {
    rows.add(Arrays.stream(values).map(Printable::line).toArray(String[]::new));
  }

  void print(PrintWriter out, Colours colours) {
    print(out, colours, row -> UnaryOperator.identity());
  }

  /**
   * The same with a colour for each row.
   *
   * @param paint by the number of the row, without the titles
   */
  void print(PrintWriter out, Colours colours, IntFunction<UnaryOperator<String>> paint) {
    int[] widths = new int[rows.get(0).length];
    for (String[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    for (int r = 0; r < rows.size(); r++) {
      String[] row = rows.get(r);
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.length; i++) {
        line.append(row[i]);
        if (i < row.length - 1) {
          line.append(" ".repeat(widths[i] - row[i].length())).append(BETWEEN);
        }
      }
      String text = line.toString().stripTrailing();
      out.println(r == 0 ? colours.dim(text) : paint.apply(r - 1).apply(text));
    }
  }
}
