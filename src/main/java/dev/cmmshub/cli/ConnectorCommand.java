package dev.cmmshub.cli;

import dev.cmmshub.cli.samples.ConnectorTestCommand;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Helps who writes connectors. */
@Command(
    name = "connector",
    mixinStandardHelpOptions = true,
    description = "Tests connectors, and what tenants change about them.",
    subcommands = ConnectorTestCommand.class)
final class ConnectorCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "Which command?");
  }
}
