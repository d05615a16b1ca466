package dev.cmmshub.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Works with what could not be handled. */
@Command(
    name = "dead-letter",
    mixinStandardHelpOptions = true,
    description = {
      "Works with events that cannot go on without a hand.",
      "",
      "  ./hub dead-letter list --tenant acme --error-class mapping",
      "  ./hub dead-letter show 1200d27d",
      "  ./hub dead-letter replay --error-class mapping --system sap --yes"
    },
    subcommands = {
      DeadLetterList.class,
      DeadLetterShow.class,
      DeadLetterEdit.class,
      DeadLetterReplay.class,
      DeadLetterDiscard.class
    })
final class DeadLetterCommand implements Callable<Integer> {
  static final String PATH = "/admin/v1/dead-letters";

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "Which command?");
  }

  /** Where one letter is. */
  static String path(String id) {
    return PATH + '/' + AdminClient.encoded(id);
  }
}
