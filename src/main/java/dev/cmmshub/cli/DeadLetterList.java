package dev.cmmshub.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists dead letters, or counts them. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "Lists dead letters, the newest first, without their payloads.")
final class DeadLetterList implements Callable<Integer> {
  private static final int SHORT_ID = 13;
  private static final int LONGEST_REASON = 100;

  @Spec private CommandSpec spec;
  @Mixin private LetterFilterOptions filter;
  @Mixin private AdminOptions admin;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "50",
      description = "At most this many, up to 1000 (default ${DEFAULT-VALUE}).")
  private int limit;

  @Option(names = "--count", description = "Only how many, by error class.")
  private boolean count;

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    Map<String, String> query = filter.chosen();
    if (count) {
      JsonNode counts = admin.client().get(DeadLetterCommand.PATH + "/count", query);
      print(out, counts);
      return 0;
    }
    query.put("limit", Integer.toString(limit));
    JsonNode letters = admin.client().get(DeadLetterCommand.PATH, query);
    if (admin.json()) {
      out.println(letters);
    } else if (letters.isEmpty()) {
      out.println("No dead letters" + (filter.chosen().isEmpty() ? "." : " match."));
    } else {
      table(letters).print(out, Colours.ofTerminal());
      if (letters.size() == limit) {
        out.println("… the newest " + limit + "; --count tells how many there are.");
      }
    }
    return 0;
  }

  private void print(PrintWriter out, JsonNode counts) {
    if (admin.json()) {
      out.println(counts);
      return;
    }
    counts(counts).print(out, Colours.ofTerminal());
  }

  /** How many there are, by error class. */
  static Columns counts(JsonNode counts) {
    Columns table = new Columns("ERROR CLASS", "LETTERS");
    counts
        .get("byErrorClass")
        .properties()
        .forEach(entry -> table.add(entry.getKey(), entry.getValue().asText()));
    table.add("all", counts.get("total").asText());
    return table;
  }

  private static Columns table(JsonNode letters) {
    Instant now = Clock.systemUTC().instant();
    Columns table = new Columns("ID", "AGE", "KEY", "STAGE", "CLASS", "REASON");
    for (JsonNode letter : letters) {
      table.add(
          shortId(letter.get("id").asText()),
          Ages.ago(Instant.parse(letter.get("diedAt").asText()), now),
          letter.get("key").asText(),
          letter.get("stage").asText(),
          letter.get("errorClass").asText(),
          cut(letter.get("reason").asText()));
    }
    return table;
  }

  /** Enough of an id to name it, and to whom it could not be delivered. */
  static String shortId(String id) {
    int at = id.indexOf('@');
    String event = at < 0 ? id : id.substring(0, at);
    return event.substring(0, Math.min(SHORT_ID, event.length()))
        + (at < 0 ? "" : id.substring(at));
  }

  private static String cut(String reason) {
    String line = Printable.line(reason);
    return line.length() > LONGEST_REASON ? line.substring(0, LONGEST_REASON - 1) + "…" : line;
  }
}
