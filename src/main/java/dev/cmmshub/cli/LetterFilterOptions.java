package dev.cmmshub.cli;

import picocli.CommandLine.Option;

/** Which dead letters are meant. */
final class LetterFilterOptions extends FilterOptions {
  @Option(names = "--type", paramLabel = "PATTERN", description = "Only such as workorder.*.")
  void type(String type) {
    choose("type", type);
  }

  @Option(
      names = "--stage",
      paramLabel = "STAGE",
      description = "Only of poll, transform or deliver.")
  void stage(String stage) {
    choose("stage", stage);
  }

  @Option(names = "--to", paramLabel = "OBSERVER", description = "Only not delivered to this one.")
  void subscription(String subscription) {
    choose("subscription", subscription);
  }

  @Option(
      names = "--error-class",
      paramLabel = "CLASS",
      description = "Only mapping, schema, malformed, status, ….")
  void errorClass(String errorClass) {
    choose("errorClass", errorClass);
  }

  @Option(names = "--older", paramLabel = "AGE", description = "Only older than 90s, 30m, 2h, 7d.")
  void older(String age) {
    choose("older", age);
  }

  @Option(names = "--newer", paramLabel = "AGE", description = "Only newer than that.")
  void newer(String age) {
    choose("newer", age);
  }

  @Option(names = "--text", paramLabel = "TEXT", description = "Only with this in reason or key.")
  void text(String text) {
    choose("text", text);
  }
}
