package dev.cmmshub.bench;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Entry point of {@code ./hub bench}. */
@Command(
    name = "hub bench",
    mixinStandardHelpOptions = true,
    description = {
      "Measures the hub beside a hand-written baseline in the same run, on the same servers,",
      "in alternating rounds. Prints medians and their ratio; a ratio of 1 is the baseline's speed."
    },
    subcommands = {
      BenchCommand.Pipeline.class,
      BenchCommand.Gateway.class,
      BenchCommand.Notifier.class,
      BenchCommand.Micro.class,
      BenchCommand.ManyOfThem.class,
      BenchCommand.Bulk.class
    })
public final class BenchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(), "Which? pipeline, gateway, notifier, micro, tenants or bulk");
  }

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new BenchCommand()).execute(arguments));
  }

  /** What all scenarios take. */
  abstract static class Scenario implements Callable<Integer> {
    @Option(
        names = "--rounds",
        defaultValue = "5",
        description = "Rounds of each variant (default ${DEFAULT-VALUE}).")
    int rounds;

    @Option(names = "--json", description = "Prints one JSON object for machines.")
    boolean json;

    @Option(
        names = "--data",
        defaultValue = "target/bench-data",
        description = "Folder of the bench's own servers (default ${DEFAULT-VALUE}).")
    Path data;
  }

  /** hub.inbound to hub.canonical. */
  @Command(
      name = "pipeline",
      mixinStandardHelpOptions = true,
      description = "inbound topic → transform → canonical topic, without and with the shard write")
  static final class Pipeline extends Scenario {
    @Option(
        names = "--events",
        defaultValue = "200000",
        description = "Work orders of 1.1 kB (default ${DEFAULT-VALUE}).")
    int events;

    @Option(
        names = "--only",
        description = "transform or store: only this half.",
        defaultValue = "")
    String only;

    @Option(
        names = "--parked",
        paramLabel = "KEYS",
        description = "Measures only what so many parked keys cost the events of free keys.")
    int parked;

    @Option(
        names = "--observed",
        paramLabel = "RATIO",
        description =
            "Measures only what metrics, flows and traces of so many events (0 to 1) cost.")
    Double observed;

    @Override
    public Integer call() throws Exception {
      PipelineBench bench = new PipelineBench(data, events, rounds);
      if (observed != null) {
        bench.observed(observed).print(json);
        return 0;
      }
      if (parked > 0) {
        bench.parked(parked).print(json);
        return 0;
      }
      if (!only.equals("store")) {
        bench.transform().print(json);
      }
      if (!only.equals("transform")) {
        bench.store().print(json);
      }
      return 0;
    }
  }

  /** Requests a second. */
  @Command(
      name = "gateway",
      mixinStandardHelpOptions = true,
      description =
          "requests a second and p99 beside a bare Vert.x handler and the gateway without credentials and limits")
  static final class Gateway extends Scenario {
    @Option(names = "--requests", defaultValue = "60000", description = "Requests a round.")
    int requests;

    @Option(names = "--connections", defaultValue = "64", description = "Concurrent callers.")
    int connections;

    @Override
    public Integer call() throws Exception {
      new GatewayBench(data, requests, connections, rounds).run().print(json);
      return 0;
    }
  }

  /** Deliveries a second. */
  @Command(
      name = "notifier",
      mixinStandardHelpOptions = true,
      description =
          "deliveries a second beside a bare asynchronous HTTP client, and 50 slow observers")
  static final class Notifier extends Scenario {
    @Option(names = "--events", defaultValue = "40000", description = "Events a round.")
    int events;

    @Override
    public Integer call() throws Exception {
      new NotifierBench(data, events, rounds).run().print(json);
      return 0;
    }
  }

  /** Single steps without servers. */
  @Command(
      name = "micro",
      mixinStandardHelpOptions = true,
      description = "mappings, schema and signature in a loop (JMH) beside hand-written code")
  static final class Micro extends Scenario {
    @Override
    public Integer call() throws Exception {
      new MicroBench(rounds).run().forEach(result -> result.print(json));
      return 0;
    }
  }

  /** Rows of a file. */
  @Command(
      name = "bulk",
      mixinStandardHelpOptions = true,
      description = "rows of a file into a shard beside a bare COPY and merge of the same rows")
  static final class Bulk extends Scenario {
    @Option(
        names = "--rows",
        defaultValue = "100000",
        description = "Parts of 0.7 kB (default ${DEFAULT-VALUE}).")
    int rows;

    @Override
    public Integer call() throws Exception {
      new BulkBench(data, rows, rounds).run().print(json);
      return 0;
    }
  }

  /** Many tenants. */
  @Command(
      name = "tenants",
      mixinStandardHelpOptions = true,
      description = "start, memory and the change of one tenant, with many of them")
  static final class ManyOfThem extends Scenario {
    @Option(
        names = "--tenants",
        defaultValue = "10000",
        description = "How many (default ${DEFAULT-VALUE}).")
    int tenants;

    @Override
    public Integer call() throws Exception {
      new TenantsBench(data, tenants, rounds).run(json);
      return 0;
    }
  }
}
