package dev.cmmshub.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows what flows and what has fallen silent. */
@Command(
    name = "flow",
    mixinStandardHelpOptions = true,
    description = {
      "Shows what flows and what has fallen silent.",
      "",
      "  ./hub flow list --silent",
      "  ./hub flow list --tenant acme --json"
    },
    subcommands = FlowCommand.ListCommand.class)
final class FlowCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "Which command?");
  }

  /** Lists them; ends with 3 when one that is asked for is silent, for scripts. */
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = {
        "Lists each flow of events: its last success, and whether it is silent.",
        "",
        "Silent is what tenants.yaml expects within a time (flows:), and what is",
        "usually not silent at this hour of the week, as two weeks have shown.",
        "With --silent the exit status is 3 while there is any."
      })
  static final class ListCommand implements Callable<Integer> {
    private static final int SILENT = 3;

    @Spec private CommandSpec spec;
    @Mixin private AdminOptions admin;

    @Option(names = "--tenant", paramLabel = "TENANT", description = "Only this tenant's.")
    private String tenant;

    @Option(names = "--silent", description = "Only those that are silent.")
    private boolean silent;

    @Override
    public Integer call() throws IOException, InterruptedException {
      Map<String, String> query = new LinkedHashMap<>();
      if (tenant != null) {
        query.put("tenant", tenant);
      }
      if (silent) {
        query.put("silent", "true");
      }
      JsonNode all = admin.client().get("/admin/v1/flows", query);
      PrintWriter out = spec.commandLine().getOut();
      if (admin.json()) {
        out.println(all);
      } else if (all.isEmpty()) {
        out.println(silent ? "No flow is silent." : "Nothing has flowed yet.");
      } else {
        table(all, Clock.systemUTC().instant()).print(out, Colours.ofTerminal());
      }
      return silent && !all.isEmpty() ? SILENT : 0;
    }

    private static Columns table(JsonNode all, Instant now) {
      Columns table =
          new Columns("TENANT", "FLOW", "STATE", "LAST SUCCESS", "EXPECTED", "OLDEST WAITING");
      for (JsonNode one : all) {
        table.add(
            one.get("tenant").asText(),
            (one.get("stage").asText().equals("applied") ? "from " : "to ")
                + one.get("party").asText()
                + ' '
                + one.get("entity").asText(),
            one.get("state").asText(),
            one.has("lastSuccess") ? ago(one, "lastSuccess", now) : "never",
            one.has("withinSeconds")
                ? "within " + Ages.length(Duration.ofSeconds(one.get("withinSeconds").asLong()))
                : "as usual",
            one.has("oldestWaiting") ? ago(one, "oldestWaiting", now) : "");
      }
      return table;
    }

    private static String ago(JsonNode one, String name, Instant now) {
      return Ages.ago(Instant.parse(one.get(name).asText()), now);
    }
  }
}
