package dev.cmmshub.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** An event's passport for people: a head, a line a step, and the chain it stands in. */
final class PassportView {
  private static final Set<String> BAD = Set.of("failed", "dead-lettered", "discarded");
  private static final Set<String> GOOD = Set.of("delivered", "found", "applied");
  private static final int SHORT_HASH = 12;

  private final JsonNode passport;
  private final Colours colours;

  PassportView(JsonNode passport, Colours colours) {
    this.passport = passport;
    this.colours = colours;
  }

  void print(PrintWriter out) {
    head(out);
    out.println();
    steps(out);
    chain(out, passport.path("chain"));
    notes(out);
  }

  private void head(PrintWriter out) {
    JsonNode event = passport.path("event");
    out.println(
        colours.bold("Event " + text(passport, "id")) + "  " + status(text(passport, "status")));
    if (event.isMissingNode()) {
      return;
    }
    out.println(
        "  object       "
            + text(event, "system")
            + ' '
            + text(event, "entity")
            + ' '
            + text(event, "externalId")
            + " of tenant "
            + text(event, "tenant")
            + ", version "
            + text(event, "version"));
    out.println("  type         " + text(event, "type"));
    out.println("  shard        " + text(passport, "shard"));
    if (!text(event, "correlationId").equals(text(passport, "id"))) {
      out.println("  correlation  " + text(event, "correlationId"));
    }
  }

  private void steps(PrintWriter out) {
    Columns table = new Columns("WHEN (UTC)", "", "STEP", "TO", "WHAT");
    List<String> names = new ArrayList<>();
    Instant begin = null;
    for (JsonNode step : passport.get("steps")) {
      Instant at = Instant.parse(step.get("at").asText());
      begin = begin == null ? at : begin;
      names.add(text(step, "step"));
      table.add(
          clock(at),
          Lapses.between(begin, at),
          text(step, "step"),
          text(step, "to"),
          StepText.of(step));
    }
    table.print(out, colours, row -> colour(names.get(row)));
  }

  /** To the millisecond: {@code 2026-03-06 13:42:18.101}. */
  private static String clock(Instant at) {
    String text = at.truncatedTo(java.time.temporal.ChronoUnit.MILLIS).toString();
    String full =
        text.length() == "2026-03-06T13:42:18Z".length() ? text.replace("Z", ".000Z") : text;
    return full.replace('T', ' ').replace("Z", "");
  }

  private java.util.function.UnaryOperator<String> colour(String step) {
    if (BAD.contains(step)) {
      return colours::bad;
    }
    return GOOD.contains(step) ? colours::good : text -> text;
  }

  private String status(String status) {
    return colour(status).apply(status);
  }

  private void chain(PrintWriter out, JsonNode chain) {
    if (chain.isEmpty()) {
      return;
    }
    out.println();
    Columns table = new Columns("CHAIN", "EVENT", "SYSTEM", "TYPE", "EXTERNAL ID", "STATUS");
    boolean self = false;
    for (JsonNode one : chain) {
      if (!self && !text(one, "relation").equals("cause")) {
        self = addSelf(table);
      }
      table.add(
          relation(one),
          text(one, "id"),
          text(one, "system"),
          text(one, "type"),
          text(one, "externalId"),
          one.has("status") ? text(one, "status") : "not known here");
    }
    if (!self) {
      addSelf(table);
    }
    table.print(out, colours);
  }

  private boolean addSelf(Columns table) {
    JsonNode event = passport.path("event");
    table.add(
        "this one",
        text(passport, "id"),
        text(event, "system"),
        text(event, "type"),
        text(event, "externalId"),
        text(passport, "status"));
    return true;
  }

  private static String relation(JsonNode one) {
    return switch (text(one, "relation")) {
      case "cause" -> "came from";
      case "effect" -> "led to";
      default -> "same correlation";
    };
  }

  private void notes(PrintWriter out) {
    if (passport.path("others").asInt() > 0) {
      out.println();
      out.println(
          "There are "
              + text(passport, "others")
              + " more events of this name: ./hub event find"
              + " --external-id '"
              + text(passport.path("event"), "externalId")
              + "'");
    }
    for (JsonNode shard : passport.path("unavailable")) {
      out.println(colours.bad("Shard " + shard.asText() + " does not answer; it was not asked."));
    }
  }

  static String shortHash(JsonNode step) {
    String hash = text(step, "sha256");
    return hash.substring(0, Math.min(SHORT_HASH, hash.length()));
  }

  private static String text(JsonNode node, String name) {
    return Printable.line(node.path(name).asText());
  }
}
