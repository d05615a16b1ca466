package dev.cmmshub.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** A job for people. */
final class JobView {
  private JobView() {}

  /** All that is known of it. */
  static void print(JsonNode job, PrintWriter out, Colours colours, Instant now) {
    out.println(
        job.get("id").asText()
            + "  "
            + state(job, colours)
            + (job.has("reason") ? ": " + Printable.line(job.get("reason").asText()) : ""));
    line(out, "what", what(job));
    line(out, "began", Ages.ago(Instant.parse(job.get("createdAt").asText()), now) + by(job));
    JsonNode received = job.get("received");
    line(
        out,
        "received",
        number(received.get("rows"))
            + " rows"
            + (received.get("isComplete").asBoolean() ? ", all of them" : ""));
    line(out, "done", done(job));
    if (job.has("parent")) {
      line(out, "retries", job.get("parent").asText());
    }
    if (job.at("/rows/rejected").asLong() > 0) {
      line(out, "rejects", "./hub batch rejects " + job.get("id").asText() + " --form file");
    }
  }

  static String what(JsonNode job) {
    String name = job.get("name").asText();
    return job.get("kind").asText()
        + " of "
        + job.get("system").asText()
        + (job.has("entity") ? '/' + job.get("entity").asText() : "")
        + (name.isEmpty() ? "" : ", " + Printable.line(name));
  }

  /** Counts of rows, those that are not zero. */
  static String done(JsonNode job) {
    JsonNode rows = job.get("rows");
    StringBuilder text = new StringBuilder(number(rows.get("done"))).append(" rows");
    for (String outcome : new String[] {"applied", "duplicate", "stale", "queued", "rejected"}) {
      if (rows.get(outcome).asLong() > 0) {
        text.append(", ").append(number(rows.get(outcome))).append(' ').append(outcome);
      }
    }
    if (job.has("rowsPerSecond")) {
      text.append(", ").append(number(job.get("rowsPerSecond"))).append(" a second");
    }
    return text.toString();
  }

  static String state(JsonNode job, Colours colours) {
    String state = job.get("state").asText();
    boolean isBad = state.equals("failed") || job.at("/rows/rejected").asLong() > 0;
    return isBad ? colours.bad(state) : state.equals("done") ? colours.good(state) : state;
  }

  /** How long until it is done, or nothing. */
  static String left(JsonNode job, Instant now) {
    if (!job.has("eta")) {
      return "";
    }
    Duration left = Duration.between(now, Instant.parse(job.get("eta").asText()));
    return left.isNegative() ? "" : Ages.length(left) + " left";
  }

  static String number(JsonNode number) {
    return String.format(Locale.ROOT, "%,d", number.asLong());
  }

  private static String by(JsonNode job) {
    return ", by " + job.get("createdBy").asText();
  }

  private static void line(PrintWriter out, String name, String text) {
    out.printf(Locale.ROOT, "  %-10s%s%n", name, text);
  }
}
