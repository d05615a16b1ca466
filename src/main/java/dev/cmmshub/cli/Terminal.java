package dev.cmmshub.cli;

import java.io.PrintStream;
import java.util.Locale;
import picocli.CommandLine;

/**
 * Prints to a person: colours only on a terminal, nothing but errors when machines read the output.
 */
final class Terminal {
  private static final String DIM = "\u001b[2m";
  private static final String BOLD = "\u001b[1m";
  private static final String RED = "\u001b[31m";
  private static final String GREEN = "\u001b[32m";
  private static final String RESET = "\u001b[0m";

  private final PrintStream out;
  private final boolean colours;

  private Terminal(PrintStream out, boolean colours) {
    this.out = out;
    this.colours = colours;
  }

  /** Progress goes to standard error when standard output is for machines. */
  static Terminal of(boolean json) {
    boolean colours = CommandLine.Help.Ansi.AUTO.enabled();
    return new Terminal(json ? System.err : System.out, colours);
  }

  void line(String text) {
    out.println(text);
  }

  void important(String text) {
    out.println(in(BOLD, text));
  }

  void good(String text) {
    out.println(in(GREEN, text));
  }

  void bad(String text) {
    out.println(in(RED, text));
  }

  void dim(String text) {
    out.println(in(DIM, text));
  }

  /** A part of the start that took this long. */
  void progress(String what, String state, long beginNanos) {
    out.println(
        String.format(
            Locale.ROOT, "%s %s in %.1f s", what, state, (System.nanoTime() - beginNanos) / 1e9));
  }

  private String in(String colour, String text) {
    return colours ? colour + text + RESET : text;
  }
}
