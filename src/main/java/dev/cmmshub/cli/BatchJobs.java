package dev.cmmshub.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What is asked of jobs that are there. */
final class BatchJobs {
  private BatchJobs() {}

  private static int print(JsonNode job, CommandSpec spec, TenantOptions options) {
    PrintWriter out = spec.commandLine().getOut();
    if (options.json()) {
      out.println(job);
    } else {
      JobView.print(job, out, Colours.ofTerminal(), Clock.systemUTC().instant());
    }
    return 0;
  }

  /** Lists them. */
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists the tenant's jobs, the newest first.")
  static final class ListJobs implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private TenantOptions options;

    @Option(names = "--state", paramLabel = "STATE", description = "Only those, such as running.")
    private String state;

    @Option(
        names = "--limit",
        paramLabel = "N",
        defaultValue = "20",
        description = "At most so many (default ${DEFAULT-VALUE}).")
    private int limit;

    @Override
    public Integer call() throws IOException, InterruptedException {
      JsonNode jobs =
          options
              .client()
              .get(
                  "/v1/jobs?limit="
                      + limit
                      + (state == null ? "" : "&state=" + AdminClient.encoded(state)));
      if (options.json()) {
        spec.commandLine().getOut().println(jobs);
        return 0;
      }
      Instant now = Clock.systemUTC().instant();
      Columns table = new Columns("JOB", "STATE", "BEGAN", "WHAT", "ROWS", "REJECTED", "LEFT");
      for (JsonNode job : jobs.get("jobs")) {
        table.add(
            job.get("id").asText(),
            job.get("state").asText(),
            Ages.ago(Instant.parse(job.get("createdAt").asText()), now),
            JobView.what(job),
            JobView.number(job.at("/rows/done")),
            JobView.number(job.at("/rows/rejected")),
            JobView.left(job, now));
      }
      table.print(spec.commandLine().getOut(), Colours.ofTerminal());
      return 0;
    }
  }

  /** Shows one. */
  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Shows one job and what became of its rows.")
  static final class Show implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private TenantOptions options;

    @Parameters(paramLabel = "JOB", description = "Its id.")
    private String id;

    @Override
    public Integer call() throws IOException, InterruptedException {
      JsonNode job = options.client().get("/v1/jobs/" + AdminClient.encoded(id));
      return print(job, spec, options);
    }
  }

  /** Follows one to its end. */
  @Command(
      name = "watch",
      mixinStandardHelpOptions = true,
      description = {
        "Shows how far a job is until it ends.",
        "",
        "Status 1 when rows were rejected or it failed."
      })
  static final class Watch implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private TenantOptions options;

    @Parameters(paramLabel = "JOB", description = "Its id.")
    private String id;

    @Override
    public Integer call() throws IOException, InterruptedException {
      return new JobWatch(options.client(), spec.commandLine(), options.json())
          .follow(AdminClient.encoded(id));
    }
  }

  /** Prints the rows that were not taken. */
  @Command(
      name = "rejects",
      mixinStandardHelpOptions = true,
      description = {
        "Prints the rows that were not taken: a line of JSON each, with the reason.",
        "",
        "With --form file they are as they stood in the file, to be mended and loaded:",
        "",
        "  ./hub batch rejects JOB --form file > rejects.csv"
      })
  static final class Rejects implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private TenantOptions options;

    @Parameters(paramLabel = "JOB", description = "Its id.")
    private String id;

    enum Form {
      lines,
      file
    }

    @Option(
        names = "--form",
        paramLabel = "FORM",
        defaultValue = "lines",
        description = "${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}).")
    private Form form;

    @Override
    public Integer call() throws IOException, InterruptedException {
      try (InputStream rows =
          options.client().stream(
              "/v1/jobs/" + AdminClient.encoded(id) + "/rejects?form=" + form)) {
        spec.commandLine().getOut().flush();
        PrintStream out = System.out;
        rows.transferTo(out);
        out.flush();
      }
      return 0;
    }
  }

  /** What the others have in common. */
  abstract static class Act implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private TenantOptions options;

    @Parameters(paramLabel = "JOB", description = "Its id.")
    private String id;

    @Override
    public Integer call() throws IOException, InterruptedException {
      JsonNode job =
          options
              .client()
              .post("/v1/jobs/" + AdminClient.encoded(id) + '/' + spec.name(), Map.of(), null);
      return print(job, spec, options);
    }
  }

  @Command(
      name = "pause",
      mixinStandardHelpOptions = true,
      description = "Stops a job; what is on its way, 16 chunks at most, is written.")
  static final class Pause extends Act {}

  @Command(name = "resume", mixinStandardHelpOptions = true, description = "Goes on with a job.")
  static final class Resume extends Act {}

  @Command(
      name = "cancel",
      mixinStandardHelpOptions = true,
      description = "Ends a job; what is written stays.")
  static final class Cancel extends Act {}

  @Command(
      name = "retry",
      mixinStandardHelpOptions = true,
      description = {
        "Tries the rejected rows of a job again, by another job.",
        "",
        "Rows that could not be read cannot be read now either: load them mended."
      })
  static final class Retry extends Act {}
}
