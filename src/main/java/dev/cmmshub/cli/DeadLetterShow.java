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
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows all there is to know of one dead letter. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = {
      "Shows all there is to know of one dead letter.",
      "",
      "Why it failed then, what its mapping makes of it now, its way, what operators",
      "did, and its payload."
    })
final class DeadLetterShow implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private AdminOptions admin;

  @Parameters(paramLabel = "ID", description = "Its id, or the first characters of it.")
  private String id;

  private final Colours colours = Colours.ofTerminal();
  private final Instant now = Clock.systemUTC().instant();

  @Override
  public Integer call() throws IOException, InterruptedException {
    JsonNode letter = admin.client().get(DeadLetterCommand.path(id), Map.of());
    PrintWriter out = spec.commandLine().getOut();
    if (admin.json()) {
      out.println(letter);
      return 0;
    }
    head(out, letter);
    thenAndNow(out, letter);
    history(out, letter.get("history"));
    audit(out, letter.get("audit"));
    attributes(out, letter.get("attributes"));
    payload(out, "Payload", letter.get("payload"), letter);
    if (letter.has("original")) {
      payload(out, "Payload it died with", letter.get("original"), letter);
    }
    return 0;
  }

  private void head(PrintWriter out, JsonNode letter) {
    out.println(colours.bold("Dead letter " + text(letter, "id")));
    out.println("  object   " + text(letter, "key") + ", " + text(letter, "type"));
    out.println(
        "  died     "
            + ago(letter, "diedAt")
            + " in "
            + text(letter, "stage")
            + (text(letter, "subscription").isEmpty() ? "" : " to " + text(letter, "subscription"))
            + ", attempt "
            + text(letter, "attempt")
            + (letter.get("replay").asInt() > 0 ? " of replay " + text(letter, "replay") : ""));
    if (letter.has("newerVersionStored")) {
      out.println(
          "  newer    version "
              + text(letter, "newerVersionStored")
              + " of the object is stored, later than this one's");
    }
  }

  private void thenAndNow(PrintWriter out, JsonNode letter) {
    out.println();
    out.println(colours.bold("Then") + "  " + colours.bad(failure(letter.get("then"))));
    JsonNode result = letter.get("now");
    if (!result.get("accepted").asBoolean()) {
      out.println(colours.bold("Now ") + "  " + colours.bad(failure(result)));
    } else if (result.get("result").isNull()) {
      out.println(colours.bold("Now ") + "  " + colours.good("accepted; nothing is to be sent"));
    } else {
      out.println(colours.bold("Now ") + "  " + colours.good("accepted, as this:"));
      out.println(Printable.text(Pretty.json(result.get("result"))));
    }
  }

  private static String failure(JsonNode failure) {
    return text(failure, "errorClass") + ": " + text(failure, "reason");
  }

  private void history(PrintWriter out, JsonNode steps) {
    title(out, "History");
    Columns table = new Columns("STEP", "WHEN", "TO", "REASON");
    for (JsonNode step : steps) {
      table.add(text(step, "step"), ago(step, "at"), text(step, "to"), text(step, "reason"));
    }
    table.print(out, colours);
  }

  private void audit(PrintWriter out, JsonNode entries) {
    if (!entries.isEmpty()) {
      title(out, "What operators did");
      AuditCommand.table(entries, now).print(out, colours);
    }
  }

  private void attributes(PrintWriter out, JsonNode attributes) {
    title(out, "Attributes");
    Columns table = new Columns("NAME", "VALUE");
    attributes.properties().stream()
        .filter(entry -> !entry.getValue().isNull())
        .forEach(entry -> table.add(entry.getKey(), entry.getValue().asText()));
    table.print(out, colours);
  }

  private void payload(PrintWriter out, String what, JsonNode payload, JsonNode letter) {
    int version = letter.get("version").asInt();
    title(
        out,
        what
            + ", "
            + text(payload, "contentType")
            + ", "
            + text(payload, "bytes")
            + " bytes"
            + (version > 0 && what.equals("Payload") ? ", version " + version : ""));
    out.println(
        payload.has("text")
            ? Printable.text(Pretty.payload(text(payload, "contentType"), text(payload, "text")))
            : "not UTF-8; base 64: " + text(payload, "base64"));
  }

  private void title(PrintWriter out, String text) {
    out.println();
    out.println(colours.bold(text));
  }

  private String ago(JsonNode node, String name) {
    return Ages.ago(Instant.parse(node.get(name).asText()), now);
  }

  private static String text(JsonNode node, String name) {
    return name.equals("text") || name.equals("base64")
        ? node.get(name).asText()
        : Printable.line(node.path(name).asText());
  }
}
