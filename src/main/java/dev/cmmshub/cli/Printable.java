package dev.cmmshub.cli;

/** Texts that came from outside: what a terminal would obey is shown as a question mark. */
final class Printable {
  private Printable() {}

  /** As one line. */
  static String line(String text) {
    return text.replaceAll("\\s+", " ").replaceAll("\\p{Cntrl}|[\u0080-\u009f\u202a-\u202e]", "?");
  }

  /** With its line breaks. */
  static String text(String text) {
    return text.replaceAll("[\\p{Cntrl}&&[^\\n\\t]]|[\u0080-\u009f\u202a-\u202e]", "?");
  }
}
