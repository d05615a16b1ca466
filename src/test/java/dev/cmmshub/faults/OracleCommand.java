package dev.cmmshub.faults;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.message.Json;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The oracle as a tool of its own: exit code 0 when all is settled and right. */
@Command(
    name = "oracle",
    mixinStandardHelpOptions = true,
    description = {
      "Says of every accepted event what became of it, from the client's ledger, the receivers'",
      "receipts, the topics and the shards. Nothing is asked of the hub, and nothing is changed.",
      "",
      "FOLDER holds the files ledger (event id, tenant, number, version), receipts (tenant,",
      "event id, owner, number, version) and oracle.json (brokers, prefix, shards, tenants)."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every event is applied, stale or dead-lettered, once, and was told",
      "1:something is open or wrong",
      "2:wrong usage"
    })
final class OracleCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FOLDER", description = "Where ledger, receipts and oracle.json lie.")
  private Path folder;

  @Option(
      names = "--wait",
      defaultValue = "60",
      paramLabel = "SECONDS",
      description = "How long to wait for what is open (default ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(names = "--json", description = "Prints one JSON object for machines.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    for (String file : new String[] {"ledger", "receipts", "oracle.json"}) {
      if (!Files.exists(folder.resolve(file))) {
        throw new ParameterException(
            spec.commandLine(), folder.resolve(file) + " is not there; see --help");
      }
    }
    Findings findings = new Oracle(folder).settle(Duration.ofSeconds(seconds));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(new String(Json.write(json(findings)), StandardCharsets.UTF_8));
    } else {
      findings
          .fates()
          .forEach(
              (event, fate) ->
                  out.printf(
                      "%s %s, told %d times%n",
                      event, fate, findings.told().getOrDefault(event, 0)));
      findings.wrong().forEach(line -> out.println("WRONG " + line));
      findings.open().forEach(line -> out.println("OPEN " + line));
      out.println(findings);
    }
    out.flush();
    return findings.wrong().isEmpty() && findings.open().isEmpty() ? 0 : 1;
  }

  private static ObjectNode json(Findings findings) {
    ObjectNode all = Json.mapper().createObjectNode();
    all.put("accepted", findings.fates().size());
    findings.counts().forEach((fate, count) -> all.put(fate.toString(), count));
    findings.wrong().forEach(all.putArray("wrong")::add);
    findings.open().forEach(all.putArray("open")::add);
    ObjectNode events = all.putObject("events");
    findings
        .fates()
        .forEach(
            (event, fate) ->
                events
                    .putObject(event)
                    .put("fate", fate.toString())
                    .put("told", findings.told().getOrDefault(event, 0)));
    return all;
  }

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new OracleCommand()).execute(arguments));
  }
}
