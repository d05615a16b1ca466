package dev.cmmshub.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.message.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Finds events. */
@Command(
    name = "find",
    mixinStandardHelpOptions = true,
    description = {
      "Finds events, the newest first.",
      "",
      "  ./hub event find --tenant acme --entity purchasedocument --limit 5",
      "  ./hub event find --status dead-lettered --since 2h",
      "  ./hub event find --external-id 4500017",
      "  ./hub event find --tenant acme --text pump --until 2026-03-06T03:10:00Z",
      "",
      "What no index knows (--text, mostly) is looked for further and further back,",
      "for ten seconds; it says how far it came, and --cursor goes on from there.",
      "Status 1 when a shard did not answer, so that events may be missing."
    })
final class EventFind implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int MOST = 1000;

  @Spec private CommandSpec spec;
  @Mixin private EventFilterOptions filter;
  @Mixin private AdminOptions admin;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "50",
      description = "At most this many, up to 1000 (default ${DEFAULT-VALUE}).")
  private int limit;

  @Option(
      names = "--cursor",
      paramLabel = "CURSOR",
      description = "Goes on where an answer ended that said so.")
  private String cursor;

  @Override
  public Integer call() throws IOException, InterruptedException {
    JsonNode found = found();
    PrintWriter out = spec.commandLine().getOut();
    if (admin.json()) {
      out.println(found);
    } else {
      print(out, found);
    }
    JsonNode unavailable = found.get("unavailable");
    unavailable.forEach(
        shard ->
            spec.commandLine()
                .getErr()
                .println(
                    Colours.ofTerminal()
                        .bad(
                            "hub: shard "
                                + shard.asText()
                                + " does not answer: its events are missing")));
    return unavailable.isEmpty() ? 0 : 1;
  }

  /** Asks until there are enough, or it has taken too long. */
  private JsonNode found() throws IOException, InterruptedException {
    Map<String, String> query = filter.chosen();
    if (cursor != null) {
      query.put("cursor", cursor);
    }
    query.put("limit", Integer.toString(limit));
    AdminClient client = admin.client();
    long begin = System.nanoTime();
    ArrayNode events = Json.mapper().createArrayNode();
    TreeSet<String> unavailable = new TreeSet<>();
    JsonNode page;
    do {
      page = client.get(EventCommand.PATH, query);
      page.get("events").forEach(events::add);
      page.get("unavailable").forEach(shard -> unavailable.add(shard.asText()));
      query.put("cursor", page.get("next").asText());
      query.put("limit", Integer.toString(Math.min(MOST, Math.max(1, limit - events.size()))));
    } while (events.size() < limit
        && !page.get("next").isNull()
        && System.nanoTime() - begin < PATIENCE.toNanos());
    ObjectNode all = Json.mapper().createObjectNode();
    all.set("events", events);
    all.set("next", page.get("next"));
    all.set("reached", page.get("reached"));
    unavailable.forEach(all.putArray("unavailable")::add);
    return all;
  }

  private void print(PrintWriter out, JsonNode found) {
    JsonNode events = found.get("events");
    if (events.isEmpty()) {
      out.println(found.get("next").isNull() ? "No events match." : "No events match so far.");
    } else {
      table(events).print(out, Colours.ofTerminal());
    }
    if (!found.get("next").isNull()) {
      out.println(
          (events.size() >= limit ? "… the newest " + limit + ", back to " : "… looked back to ")
              + found.get("reached").asText()
              + "; go on with --cursor "
              + found.get("next").asText());
    }
  }

  private static Columns table(JsonNode events) {
    Instant now = Clock.systemUTC().instant();
    Columns table =
        new Columns("ID", "AGE", "STATUS", "TENANT", "SYSTEM", "TYPE", "EXTERNAL ID", "BY");
    for (JsonNode event : events) {
      table.add(
          DeadLetterList.shortId(event.get("id").asText()),
          Ages.ago(Instant.parse(event.get("receivedAt").asText()), now),
          event.get("status").asText(),
          event.get("tenant").asText(),
          event.get("system").asText(),
          event.get("type").asText(),
          event.get("externalId").asText(),
          event.get("receivedBy").asText(""));
    }
    return table;
  }
}
