package dev.cmmshub.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Tells where an event is. */
@Command(
    name = "event",
    mixinStandardHelpOptions = true,
    description = {
      "Tells where an event is and was.",
      "",
      "  ./hub event show 1200d27d",
      "  ./hub event show 4500017 --tenant acme",
      "  ./hub event find --tenant acme --entity purchasedocument --since 2h"
    },
    subcommands = {EventShow.class, EventFind.class})
final class EventCommand implements Callable<Integer> {
  static final String PATH = "/admin/v1/events";

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "Which command?");
  }
}
