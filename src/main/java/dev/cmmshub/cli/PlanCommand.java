package dev.cmmshub.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what another version of tenants.yaml would do to a running hub. */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    description = {
      "Shows what another version of tenants.yaml would do.",
      "",
      "Asks the running hub: which tenants, systems and subscriptions start, stop or",
      "change, and how many events are under way or parked there. Changes nothing.",
      "",
      "  cp tenants.yaml next.yaml; edit next.yaml",
      "  ./hub plan next.yaml",
      "  ./hub apply next.yaml",
      "",
      "Status 0: it can be applied, 1: something is wrong with it, 2: used wrongly."
    })
final class PlanCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private AdminOptions admin;

  @Parameters(paramLabel = "FILE", description = "The other version.")
  private Path file;

  @Override
  public Integer call() throws IOException, InterruptedException {
    JsonNode plan = ask(admin.client(), file, Files.readAllBytes(file));
    if (admin.json()) {
      spec.commandLine().getOut().println(plan);
    } else {
      new PlanView(Colours.ofTerminal()).print(plan, spec.commandLine().getOut());
    }
    return 0;
  }

  static JsonNode ask(AdminClient client, Path file, byte[] content)
      throws IOException, InterruptedException {
    return client.upload("POST", "/admin/v1/config/plan", file, "*", content);
  }
}
