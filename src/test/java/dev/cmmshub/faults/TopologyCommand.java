package dev.cmmshub.faults;

import dev.cmmshub.message.Json;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Entry point of {@code src/test/topology/run}. */
@Command(
    name = "topology",
    mixinStandardHelpOptions = true,
    description = {
      "Starts two hubs, three Kafka brokers, two PostgreSQL and Redis as processes on",
      "loopback, sends events of three tenants to both hubs and kills one of each: a",
      "hub, the busiest broker, the controller, a shard and Redis. Each is started",
      "again after a while. Then the oracle says what became of every accepted event.",
      "Ctrl-C ends all of them."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every event is applied and told, in order; nothing is lost or there twice",
      "1:something is open or wrong; the folder with all logs is kept",
      "2:wrong usage"
    })
final class TopologyCommand implements Callable<Integer> {
  private static final int LEAST_SECONDS = 50;

  @Option(
      names = "--seconds",
      defaultValue = "180",
      description = "How long the load lasts, about; at least 50 (default ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--seed",
      description = "Of the load, of who is killed, and when; another one each time if not given.")
  private Long seed;

  @Option(
      names = "--rate",
      defaultValue = "80",
      description = "Events a second, about (default ${DEFAULT-VALUE}).")
  private int rate;

  @Option(names = "--keep", description = "Keeps the folder with all logs in any case.")
  private boolean keep;

  @Option(names = "--json", description = "Prints one JSON object; progress goes to stderr.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (seconds < LEAST_SECONDS || rate < 1) {
      throw new ParameterException(
          spec.commandLine(), "--seconds is 50 or more, --rate 1 or more; see --help");
    }
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter progress = json ? spec.commandLine().getErr() : out;
    TopologyReport report = run(line -> say(progress, line));
    if (json) {
      say(out, new String(Json.write(report.json()), StandardCharsets.UTF_8));
    } else {
      report.lines().forEach(line -> say(out, line));
    }
    return report.complaints().isEmpty() ? 0 : 1;
  }

  private TopologyReport run(Consumer<String> progress) throws Exception {
    TopologyRun.Plan plan =
        new TopologyRun.Plan(seconds, seed == null ? new Random().nextInt(1_000_000) : seed, rate);
    progress.accept("seed %d, repeat it with --seed %d".formatted(plan.seed(), plan.seed()));
    Path folder = Files.createTempDirectory("cmms-hub-topology");
    progress.accept("logs, ledger and receipts are in " + folder);
    boolean clean = false;
    try (Topology topology = Topology.start(folder, progress)) {
      List<Outage> outages = new TopologyRun(topology, plan, progress).run();
      progress.accept("the load has ended; asking the oracle");
      TopologyReport report = TopologyReport.of(topology, plan, outages);
      clean = report.complaints().isEmpty();
      return report;
    } finally {
      if (clean && !keep) {
        FaultServers.delete(folder);
      } else {
        progress.accept(folder + " is kept");
      }
    }
  }

  private static synchronized void say(PrintWriter out, String line) {
    out.println(line);
    out.flush();
  }

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new TopologyCommand()).execute(arguments));
  }
}
