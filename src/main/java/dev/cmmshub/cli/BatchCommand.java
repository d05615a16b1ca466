package dev.cmmshub.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cmmshub.message.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Loads many rows at once. */
@Command(
    name = "batch",
    mixinStandardHelpOptions = true,
    description = {
      "Loads many rows at once, shows how far that is, and loads that come again.",
      "",
      "  ./hub batch load parts.csv --system sap --entity part",
      "  ./hub batch backfill acme/sap/part --since 2025-01-01",
      "  ./hub batch list",
      "  ./hub batch schedule --tenant acme",
      "  ./hub batch run acme/parts-nightly --date 2026-11-27"
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
      BatchJobs.Retry.class,
      BatchCommand.ScheduleCommand.class,
      BatchCommand.RunCommand.class
    })
final class BatchCommand implements Callable<Integer> {
  private static final String PATH = "/admin/v1/batch";

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "Which command?");
  }

  /** Lists them. */
  @Command(
      name = "schedule",
      mixinStandardHelpOptions = true,
      description = {
        "Lists the loads that come again, when each begins and how the last one went.",
        "",
        "Tenants and connectors define them (batch:). NEXT is by the load's own time",
        "zone; ./hub batch run begins one now."
      })
  static final class ScheduleCommand implements Callable<Integer> {
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
        out.println("No loads are defined.");
      } else {
        table(all, Clock.systemUTC().instant()).print(out, Colours.ofTerminal());
      }
      return 0;
    }

    private static Columns table(JsonNode all, Instant now) {
      Columns table =
          new Columns("LOAD", "SYSTEM", "SCHEDULE", "BY", "NEXT", "LAST", "STATE", "WHY");
      for (JsonNode one : all) {
        JsonNode last = one.path("lastRun");
        table.add(
            one.get("tenant").asText() + '/' + one.get("id").asText(),
            one.get("system").asText(),
            one.get("schedule").asText(),
            one.get("by").asText(),
            one.has("next") ? local(one) : "off",
            last.isMissingNode() ? "" : Ages.ago(Instant.parse(last.get("time").asText()), now),
            last.path("state").asText(),
            why(last));
      }
      return table;
    }

    private static String local(JsonNode one) {
      ZonedDateTime next =
          Instant.parse(one.get("next").asText()).atZone(ZoneId.of(one.get("timezone").asText()));
      return next.toLocalDate()
          + " "
          + next.toLocalTime().truncatedTo(ChronoUnit.MINUTES)
          + " "
          + next.getZone();
    }

    private static String why(JsonNode last) {
      long rejected = last.path("rejected").asLong();
      return last.path("reason").asText(rejected == 0 ? "" : rejected + " rows rejected");
    }
  }

  /** Begins one. */
  @Command(
      name = "run",
      mixinStandardHelpOptions = true,
      description = {
        "Begins a load now, whatever its schedule and its window say.",
        "",
        "It does not wait for the loads it comes after. A day that was done is done",
        "once more; ./hub batch schedule shows how it goes on."
      })
  static final class RunCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private AdminOptions admin;

    @Parameters(paramLabel = "TENANT/LOAD", description = "Which, as schedule shows it.")
    private String load;

    @Option(
        names = "--date",
        paramLabel = "DAY",
        description = "For which day, such as 2026-11-27 (default: today).")
    private LocalDate date;

    @Override
    public Integer call() throws IOException, InterruptedException {
      String[] names = load.split("/", -1);
      if (names.length != 2) {
        throw new ParameterException(
            spec.commandLine(), "'" + load + "': expected a load such as acme/parts-nightly");
      }
      JsonNode run =
          admin
              .client()
              .post(
                  PATH
                      + '/'
                      + AdminClient.encoded(names[0])
                      + '/'
                      + AdminClient.encoded(names[1])
                      + "/run",
                  date == null ? Map.of() : Map.of("date", date.toString()),
                  Json.mapper().createObjectNode());
      spec.commandLine()
          .getOut()
          .println(
              admin.json()
                  ? run
                  : "Began " + load + " for " + run.get("date").asText() + " within seconds.");
      return 0;
    }
  }
}
