package dev.cmmshub.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.StringJoiner;

/** What is to be said of one step of an event's way, in a line. */
final class StepText {
  private final JsonNode step;
  private final StringJoiner words = new StringJoiner(", ");

  private StepText(JsonNode step) {
    this.step = step;
  }

  static String of(JsonNode step) {
    return new StepText(step).words();
  }

  private String words() {
    add("", "by");
    add("API ", "api");
    add("trace ", "trace");
    if (step.has("mapping")) {
      words.add(
          text("connector") + ": " + text("mapping") + ", SHA-256 " + PassportView.shortHash(step));
    }
    add("version ", "version");
    if (step.path("step").asText().equals("repeated")) {
      words.add("came again " + text("times") + " times, the last time now");
    } else if (step.has("times")) {
      words.add(text("times") + " times, the last time now");
    }
    add("attempt ", "attempt");
    add("of replay ", "replay");
    add("HTTP ", "status");
    if (step.has("since")) {
      words.add("since " + text("since") + ", tried again at the time before");
    }
    add("", "reason");
    add("then ", "then");
    add("by ", "operator");
    return words.toString();
  }

  private void add(String before, String name) {
    if (step.has(name)) {
      words.add(before + text(name));
    }
  }

  private String text(String name) {
    return Printable.line(step.path(name).asText());
  }
}
