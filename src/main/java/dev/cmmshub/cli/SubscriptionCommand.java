package dev.cmmshub.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.message.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows who is told of what, and enables a webhook that was gone. */
@Command(
    name = "subscription",
    mixinStandardHelpOptions = true,
    description = {
      "Shows who is told of what, and enables a webhook that was gone.",
      "",
      "  ./hub subscription list --tenant acme",
      "  ./hub subscription enable acme hooks.acme.example"
    },
    subcommands = {SubscriptionCommand.ListCommand.class, SubscriptionCommand.EnableCommand.class})
final class SubscriptionCommand implements Callable<Integer> {
  private static final String PATH = "/admin/v1/subscriptions";

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "Which command?");
  }

  /** Lists them. */
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists the subscriptions of tenants.yaml, their state and what waits for them.")
  static final class ListCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private AdminOptions admin;

    @Option(names = "--tenant", paramLabel = "TENANT", description = "Only this tenant's.")
    private String tenant;

    @Override
    public Integer call() throws IOException, InterruptedException {
      JsonNode all = admin.client().get(PATH, tenant == null ? Map.of() : Map.of("tenant", tenant));
      PrintWriter out = spec.commandLine().getOut();
      if (admin.json()) {
        out.println(all);
      } else if (all.isEmpty()) {
        out.println("No subscriptions.");
      } else {
        table(all, Clock.systemUTC().instant()).print(out, Colours.ofTerminal());
      }
      return 0;
    }

    private static Columns table(JsonNode all, Instant now) {
      Columns table = new Columns("TENANT", "ID", "STATE", "SINCE", "PARKED", "ORDER", "EVENTS");
      for (JsonNode one : all) {
        table.add(
            one.get("tenant").asText(),
            one.get("id").asText(),
            one.get("state").asText(),
            one.has("since") ? Ages.ago(Instant.parse(one.get("since").asText()), now) : "",
            one.get("parked").asText(),
            one.get("order").asText(),
            StreamSupport.stream(one.get("events").spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.joining(", ")));
      }
      return table;
    }
  }

  /** Enables one. */
  @Command(
      name = "enable",
      mixinStandardHelpOptions = true,
      description = {
        "Sends to a webhook again whose receiver had answered 410 Gone.",
        "",
        "What waits for it is delivered in order; if it answers 410 again, it is gone."
      })
  static final class EnableCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private AdminOptions admin;

    @Parameters(index = "0", paramLabel = "TENANT", description = "Whose it is.")
    private String tenant;

    @Parameters(index = "1", paramLabel = "ID", description = "The subscription, as list shows it.")
    private String id;

    @Override
    public Integer call() throws IOException, InterruptedException {
      String path =
          PATH + '/' + AdminClient.encoded(tenant) + '/' + AdminClient.encoded(id) + "/enable";
      JsonNode done = admin.client().post(path, Map.of(), Json.mapper().createObjectNode());
      spec.commandLine()
          .getOut()
          .println(admin.json() ? done : "Enabled " + id + " of " + tenant + ".");
      return 0;
    }
  }
}
