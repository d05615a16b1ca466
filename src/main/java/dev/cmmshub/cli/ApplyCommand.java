package dev.cmmshub.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Puts another version of tenants.yaml in use and waits until every node has it. */
@Command(
    name = "apply",
    mixinStandardHelpOptions = true,
    description = {
      "Puts another version of tenants.yaml in use.",
      "",
      "Shows the plan, asks, has the running hub write the file, and waits until",
      "every node has that version in use. Refuses when another one came in use since",
      "the plan. Status 1 when it was not applied, or not by every node in time.",
      "",
      "  ./hub apply next.yaml",
      "  ./hub apply --rollback"
    })
final class ApplyCommand implements Callable<Integer> {
  private static final String PATH = "/admin/v1/config";

  @Spec private CommandSpec spec;
  @Mixin private AdminOptions admin;

  @Parameters(arity = "0..1", paramLabel = "FILE", description = "The other version.")
  private Path file;

  @Option(names = "--rollback", description = "Takes the version that was in use before.")
  private boolean rollback;

  @Option(names = "--yes", description = "Does not ask; needed where nobody can answer.")
  private boolean yes;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "How long to wait for the nodes (default ${DEFAULT-VALUE}).")
  private int timeout;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (rollback == (file != null)) {
      throw new ParameterException(spec.commandLine(), "Expected either a FILE or --rollback");
    }
    AdminClient client = admin.client();
    JsonNode applied = rollback ? rollBack(client) : apply(client, Files.readAllBytes(file));
    return applied == null
        ? 1
        : new NodesWatch(client, spec.commandLine(), admin.json())
            .follow(applied.get("version").asText(), timeout);
  }

  private JsonNode rollBack(AdminClient client) throws IOException, InterruptedException {
    return agrees("Take the former version back?")
        ? client.post(PATH + "/rollback", Map.of(), JsonNodeFactory.instance.objectNode())
        : null;
  }

  private JsonNode apply(AdminClient client, byte[] content)
      throws IOException, InterruptedException {
    JsonNode plan = PlanCommand.ask(client, file, content);
    if (!admin.json()) {
      new PlanView(Colours.ofTerminal()).print(plan, spec.commandLine().getOut());
    }
    return agrees("Apply?")
        ? client.upload("PUT", PATH, file, plan.get("inUse").asText(), content)
        : null;
  }

  private boolean agrees(String question) {
    if (yes) {
      return true;
    }
    Console console = System.console();
    if (console == null) {
      throw new ParameterException(
          spec.commandLine(), "Nobody can be asked here: add --yes to apply it");
    }
    PrintWriter out = spec.commandLine().getOut();
    String answer = console.readLine("%s [y/N] ", question);
    boolean agreed = answer != null && answer.trim().matches("(?i)y(es)?");
    if (!agreed) {
      out.println("Nothing was changed.");
    }
    return agreed;
  }
}
