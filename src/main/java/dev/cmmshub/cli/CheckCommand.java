package dev.cmmshub.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.HubSettings;
import dev.cmmshub.message.Json;
import dev.cmmshub.tenant.SystemKind;
import dev.cmmshub.yaml.Mistake;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Tells everything that is wrong with what people write for a hub. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = {
      "Checks tenants.yaml, admins.yaml, connectors, mappings and routes.",
      "",
      "Needs no running hub, starts nothing and changes nothing. Each mistake is one",
      "line with file, line and column, what was expected and the nearest right name.",
      "Exit status: 0 nothing is wrong, 1 something is, 2 used wrongly."
    })
final class CheckCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private FileOptions files;

  @Option(
      names = "--secrets",
      description = "Also looks up each {{env:NAME}} and {{file:/path}}, as the hub would here.")
  private boolean secrets;

  @Option(names = "--json", description = "JSON for machines.")
  private boolean json;

  @Override
  public Integer call() {
    HubSettings settings = files.settings();
    Path folder = settings.path("hub.connectors.folder");
    ConfigurationCheck check = new ConfigurationCheck();
    Map<String, SystemKind> kinds = check.connectors(folder);
    check.tenants(
        files.tenants(settings), kinds, secrets ? Optional.of(System.getenv()) : Optional.empty());
    check.admins(settings.adminsFile());
    check.routes(settings.path("hub.routes.folder"), ".camel.yaml");
    check.routes(folder, ".kamelet.yaml");
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(json(check));
    } else {
      check.mistakes().forEach(out::println);
      out.println(summary(check));
    }
    return check.mistakes().isEmpty() ? 0 : 1;
  }

  private static String summary(ConfigurationCheck check) {
    List<Mistake> mistakes = check.mistakes();
    if (mistakes.isEmpty()) {
      return "Nothing is wrong: "
          + check.looked().entrySet().stream()
              .map(kind -> count(kind.getValue(), kind.getKey().replaceFirst("s$", "")))
              .collect(Collectors.joining(", "));
    }
    long files = mistakes.stream().map(Mistake::file).distinct().count();
    return count(mistakes.size(), "mistake") + " in " + count(files, "file");
  }

  private static String count(long number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  private static ObjectNode json(ConfigurationCheck check) {
    ObjectNode answer = Json.mapper().createObjectNode();
    ArrayNode mistakes = answer.putArray("mistakes");
    for (Mistake mistake : check.mistakes()) {
      mistakes
          .addObject()
          .put("file", mistake.file().toString())
          .put("line", mistake.line())
          .put("column", mistake.column())
          .put("field", mistake.field())
          .put("what", mistake.what());
    }
    ObjectNode looked = answer.putObject("checked");
    check.looked().forEach(looked::put);
    return answer;
  }
}
