package dev.cmmshub.transform;

import com.schibsted.spt.data.jslt.JsltException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says in one line what JSLT says, with the place in front and without the values it quotes. */
final class MappingErrors {
  private static final int LONGEST = 200;
  private static final Pattern VALUE = Pattern.compile("[\\[{\"(]");
  private static final Pattern UNKNOWN = Pattern.compile("No such function: '(.*)'");
  private static final Pattern MISCOUNTED =
      Pattern.compile("Function '(.*)' needs .* arguments, got (\\d+)");

  private MappingErrors() {}

  static String compiling(Path file, JsltException e, FunctionLibrary functions) {
    String message = e.getMessageWithoutLocation();
    Matcher unknown = UNKNOWN.matcher(message);
    Matcher miscounted = MISCOUNTED.matcher(message);
    try {
      if (unknown.matches()) {
        functions.find(unknown.group(1), 0);
      } else if (miscounted.matches()) {
        functions.find(miscounted.group(1), Integer.parseInt(miscounted.group(2)));
      }
    } catch (IllegalArgumentException ours) {
      // The library knows the nearest names and the signature, JSLT does not. A function of JSLT's
      // own that is miscounted is unknown to the library.
      if (unknown.matches() || functions.has(miscounted.group(1))) {
        return place(file, e) + ours.getMessage();
      }
    }
    return place(file, e) + line(message, LONGEST);
  }

  static String running(Path file, JsltException e) {
    String message = e.getMessageWithoutLocation();
    // What a mapping says by error() is its author's own text.
    if (!message.startsWith("error: ")) {
      Matcher value = VALUE.matcher(message);
      int start = value.find() ? value.start() : message.length();
      message = message.substring(0, start) + TransformException.shown(message.substring(start));
    }
    return place(file, e) + line(message, LONGEST);
  }

  /** A file that was imported is named as the import names it, and lies beside the mapping. */
  private static String place(Path file, JsltException e) {
    Path source =
        e.getSource() == null ? file : file.resolveSibling(Path.of(e.getSource()).getFileName());
    return e.getLine() > 0
        ? source + ":" + e.getLine() + ":" + e.getColumn() + ": "
        : source + ": ";
  }

  private static String line(String message, int longest) {
    String line = message.replaceAll("\\s+", " ").trim();
    return line.length() > longest ? line.substring(0, longest - 1) + "…" : line;
  }
}
