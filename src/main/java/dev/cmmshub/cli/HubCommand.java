package dev.cmmshub.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Entry point of {@code ./hub}. Exit status: 0 done, 1 failed, 2 used wrongly. */
@Command(
    name = "hub",
    mixinStandardHelpOptions = true,
    versionProvider = VersionCommand.Provider.class,
    description = "Connects a maintenance system (CMMS) with any number of ERPs, for tenants.",
    footer = {
      "",
      "  bench            Measures the hub beside hand-written baselines.",
      "  test             Builds the hub and runs its tests (mvn verify)."
    },
    subcommands = {
      DemoCommand.class,
      RunCommand.class,
      CheckCommand.class,
      PlanCommand.class,
      ApplyCommand.class,
      TenantCommand.class,
      ConnectorCommand.class,
      TransformCommand.class,
      EventCommand.class,
      DeadLetterCommand.class,
      SubscriptionCommand.class,
      FlowCommand.class,
      BatchCommand.class,
      TopCommand.class,
      CanaryCommand.class,
      AuditCommand.class,
      VersionCommand.class,
      CommandLine.HelpCommand.class
    })
public final class HubCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "Which command?");
  }

  public static void main(String[] arguments) {
    int status = 1;
    try {
      status = commandLine().execute(arguments);
    } catch (Error e) {
      // Whatever still runs must not keep a broken process alive.
      System.err.println("hub: " + e);
    }
    System.exit(status);
  }

  /** An error is one clear line; its trace is in the log. */
  static CommandLine commandLine() {
    CommandLine hub = new CommandLine(new HubCommand()).setCaseInsensitiveEnumValuesAllowed(true);
    // A negative number is an argument of a function, not an option.
    hub.getSubcommands().get("transform").setUnmatchedOptionsArePositionalParams(true);
    hub.setParameterExceptionHandler(HubCommand::usedWrongly);
    return hub.setExecutionExceptionHandler(
        (error, commandLine, result) -> {
          commandLine
              .getErr()
              .println(commandLine.getColorScheme().errorText("hub: " + reason(error)));
          if (System.getenv("HUB_TRACE") != null) {
            error.printStackTrace(commandLine.getErr());
          }
          boolean misused = error instanceof AdminClient.RefusedException no && no.status() == 400;
          return misused ? 2 : 1;
        });
  }

  /** The mistake alone; the whole help would push it off the screen. */
  private static int usedWrongly(ParameterException error, String[] arguments) {
    CommandLine command = error.getCommandLine();
    PrintWriter err = command.getErr();
    err.println(command.getColorScheme().errorText("hub: " + error.getMessage()));
    if (command.getSubcommands().isEmpty()) {
      err.println("See ./" + command.getCommandSpec().qualifiedName() + " --help");
    } else {
      command.usage(err);
    }
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  private static String reason(Throwable error) {
    return error.getMessage() == null ? error.toString() : error.getMessage();
  }
}
