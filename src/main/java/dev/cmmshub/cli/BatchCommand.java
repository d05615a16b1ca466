package dev.cmmshub.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Loads many rows at once. */
@Command(
    name = "batch",
    mixinStandardHelpOptions = true,
    description = {
      "Loads many rows at once, and shows how far that is.",
      "",
      "  ./hub batch load parts.csv --system sap --entity part",
      "  ./hub batch backfill acme/sap/part --since 2025-01-01",
      "  ./hub batch list"
    },
    subcommands = {
      BatchLoad.class,
      BatchBackfill.class,
      BatchJobs.ListJobs.class,
      BatchJobs.Show.class,
      BatchJobs.Watch.class,
      BatchJobs.Rejects.class,
      BatchJobs.Pause.class,
      BatchJobs.Resume.class,
      BatchJobs.Cancel.class,
      BatchJobs.Retry.class
    })
final class BatchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "Which command?");
  }
}
