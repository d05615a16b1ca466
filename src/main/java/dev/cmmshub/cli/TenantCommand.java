package dev.cmmshub.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Prepares what stands in tenants.yaml. */
@Command(
    name = "tenant",
    mixinStandardHelpOptions = true,
    description = "Prepares what stands in tenants.yaml.",
    subcommands = {TenantCommand.KeyCommand.class, TenantCommand.HookCommand.class})
final class TenantCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "Which command?");
  }

  /** The keys of tenants. */
  @Command(
      name = "key",
      mixinStandardHelpOptions = true,
      description = "Makes keys of tenants.",
      subcommands = TenantKeyNew.class)
  static final class KeyCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
      throw new ParameterException(spec.commandLine(), "Which command?");
    }
  }

  /** Where systems post that sign in their own way. */
  @Command(
      name = "hook",
      mixinStandardHelpOptions = true,
      description = "Makes addresses for systems that sign what they post.",
      subcommands = TenantHookNew.class)
  static final class HookCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
      throw new ParameterException(spec.commandLine(), "Which command?");
    }
  }
}
