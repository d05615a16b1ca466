package dev.cmmshub.cli.samples;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.HubSettings;
import dev.cmmshub.cli.FileOptions;
import dev.cmmshub.connector.Connector;
import dev.cmmshub.connector.ConnectorFolders;
import dev.cmmshub.message.Json;
import dev.cmmshub.message.Nearest;
import dev.cmmshub.tenant.Tenant;
import dev.cmmshub.tenant.TenantsBuilder;
import dev.cmmshub.tenant.TenantsFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs the samples of connectors, or of a tenant's systems, and compares. */
@Command(
    name = "test",
    mixinStandardHelpOptions = true,
    description = {
      "Runs samples through their mappings and compares with what is expected.",
      "",
      "With --tenant it uses that tenant's mappings and codes, and besides the",
      "connector's samples those in tenants/<tenant>/<system>/samples; what is in",
      "tenants/<tenant>/<system>/expected goes before the connector's.",
      "Needs no running hub. Exit status: 0 all is as expected, 1 something is not,",
      "2 used wrongly."
    })
public final class ConnectorTestCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..*",
      paramLabel = "CONNECTOR",
      description = "Connectors to test (default: all, or all of the tenant's).")
  private List<String> names = new ArrayList<>();

  @Mixin private FileOptions files;

  @Option(names = "--tenant", paramLabel = "TENANT", description = "Tests its systems.")
  private Optional<String> tenant = Optional.empty();

  @Option(
      names = "--update",
      description = "Writes what comes out where something else was expected.")
  private boolean update;

  @Option(names = "--json", description = "JSON for machines.")
  private boolean json;

  @Override
  public Integer call() {
    HubSettings settings = files.settings();
    Map<String, Connector> connectors =
        new ConnectorFolders().read(settings.path("hub.connectors.folder"));
    names.forEach(name -> requireKnown("connector", name, connectors));
    SampleRun run = new SampleRun(update);
    List<Outcome> outcomes =
        sets(settings, connectors)
            .filter(set -> names.isEmpty() || names.contains(set.connector().name()))
            .flatMap(set -> run.run(set).stream())
            .toList();
    if (outcomes.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "There are no samples of these");
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(asJson(outcomes));
    } else {
      print(outcomes, out);
    }
    return outcomes.stream().allMatch(outcome -> outcome.wrong().isEmpty()) ? 0 : 1;
  }

  private Stream<SampleSet> sets(HubSettings settings, Map<String, Connector> connectors) {
    if (tenant.isEmpty()) {
      return connectors.values().stream().map(SampleSet::of);
    }
    Path file = files.tenants(settings);
    Map<String, Tenant> all =
        new TenantsFile(TenantsBuilder.dry(Optional.empty(), ConnectorFolders.kinds(connectors)))
            .read(file).all().stream().collect(Collectors.toMap(Tenant::id, one -> one));
    requireKnown("tenant", tenant.get(), all);
    Tenant found = all.get(tenant.get());
    Path folder = file.toAbsolutePath().resolveSibling("tenants");
    return found.systems().keySet().stream()
        .sorted()
        .map(system -> SampleSet.of(found, system, folder, connectors));
  }

  private void requireKnown(String what, String name, Map<String, ?> known) {
    if (!known.containsKey(name)) {
      throw new ParameterException(
          spec.commandLine(),
          "There is no "
              + what
              + " '"
              + name
              + "': "
              + Nearest.didYouMean(name, known.keySet())
              + "expected one of "
              + String.join(", ", new TreeSet<>(known.keySet())));
    }
  }

  private static void print(List<Outcome> outcomes, PrintWriter out) {
    Map<String, List<Outcome>> bySet =
        outcomes.stream().collect(Collectors.groupingBy(Outcome::set));
    for (String set : new TreeSet<>(bySet.keySet())) {
      List<Outcome> own = bySet.get(set);
      List<Outcome> wrong = own.stream().filter(outcome -> !outcome.wrong().isEmpty()).toList();
      out.printf("%s: %d of %d samples as expected%n", set, own.size() - wrong.size(), own.size());
      for (Outcome outcome : wrong) {
        out.println("  " + shown(outcome.sample()));
        outcome.wrong().forEach(difference -> out.println("    " + difference));
      }
    }
  }

  private static Path shown(Path file) {
    Path here = Path.of("").toAbsolutePath();
    return file.startsWith(here) ? here.relativize(file) : file;
  }

  private static ObjectNode asJson(List<Outcome> outcomes) {
    ObjectNode answer = Json.mapper().createObjectNode();
    ArrayNode samples = answer.putArray("samples");
    for (Outcome outcome : outcomes) {
      ObjectNode sample =
          samples
              .addObject()
              .put("set", outcome.set())
              .put("sample", shown(outcome.sample()).toString())
              .put("asExpected", outcome.wrong().isEmpty());
      outcome.wrong().forEach(sample.putArray("wrong")::add);
    }
    return answer;
  }
}
