package dev.cmmshub.cli;

import picocli.CommandLine.Help.Ansi;

/** Colours for a terminal; without one the texts stay as they are. */
record Colours(boolean on) {
  /** On for a terminal, unless NO_COLOR is set. */
  static Colours ofTerminal() {
    return new Colours(Ansi.AUTO.enabled());
  }

  String dim(String text) {
    return in("2", text);
  }

  String bold(String text) {
    return in("1", text);
  }

  String bad(String text) {
    return in("31", text);
  }

  String good(String text) {
    return in("32", text);
  }

  private String in(String code, String text) {
    return on ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
