package dev.cmmshub.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows one event's whole way. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = {
      "Shows one event's whole way.",
      "",
      "Who brought it, what translated it, where it is stored, each delivery with its",
      "tries, what operators did, and what it came from and led to. Of an external id",
      "the object's newest event, of a correlation id the one it began with.",
      "",
      "  ./hub event show 1200d27d-191a-5d3b-b773-93508d6ee685",
      "  ./hub event show 1200d27d                  the begin of an event id",
      "  ./hub event show 4500017 --tenant acme     an external id",
      "",
      "Status 1 when nothing is known of it, or when it can mean several."
    })
final class EventShow implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private AdminOptions admin;

  @Parameters(paramLabel = "ID", description = "An event id, external id or correlation id.")
  private String id;

  @Option(names = "--tenant", paramLabel = "TENANT", description = "Only this tenant's.")
  private String tenant;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("of", id);
    if (tenant != null) {
      query.put("tenant", tenant);
    }
    JsonNode passport = admin.client().get(EventCommand.PATH + "/passport", query);
    PrintWriter out = spec.commandLine().getOut();
    if (admin.json()) {
      out.println(passport);
    } else {
      new PassportView(passport, Colours.ofTerminal()).print(out);
    }
    return 0;
  }
}
