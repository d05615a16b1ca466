package dev.cmmshub.cli;

import picocli.CommandLine.Option;

/** Which events are meant. */
final class EventFilterOptions extends FilterOptions {
  @Option(
      names = "--external-id",
      paramLabel = "ID",
      description = "Only of this object; 'PO-45*' for all that begin so.")
  void externalId(String id) {
    choose("externalId", id);
  }

  @Option(
      names = "--status",
      paramLabel = "STATUS",
      description = "Only applied, superseded, delivered, parked, dead-lettered or discarded.")
  void status(String status) {
    choose("status", status);
  }

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "Only received since 2h (30m, 7d) or 2026-03-06T03:10:00Z.")
  void since(String time) {
    choose("since", time);
  }

  @Option(names = "--until", paramLabel = "TIME", description = "Only received before that.")
  void until(String time) {
    choose("until", time);
  }

  @Option(
      names = "--text",
      paramLabel = "TEXT",
      description = "Only with this in external id, system, type, correlation id or error.")
  void text(String text) {
    choose("text", text);
  }
}
