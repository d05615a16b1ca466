package dev.cmmshub.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.cmmshub.connector.CodeTables;
import dev.cmmshub.message.Json;
import dev.cmmshub.message.Payloads;
import dev.cmmshub.transform.FunctionLibrary;
import dev.cmmshub.transform.Mapping;
import dev.cmmshub.transform.TransformFunction;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tries functions and mappings out. */
@Command(
    name = "transform",
    mixinStandardHelpOptions = true,
    description = {
      "Calls a function of the transformation library, or runs a mapping.",
      "",
      "  ./hub transform add 5 3",
      "  ./hub transform to_lowercase HELLO",
      "  ./hub transform --mapping connectors/odoo/mappings/part.from-erp.jslt \\",
      "    < connectors/odoo/samples/part.from-erp.seal.json"
    })
final class TransformCommand implements Callable<Integer> {
  private static final int USED_WRONGLY = 2;

  private CommandSpec spec;

  @Option(names = "--list", description = "Lists all functions with their signatures.")
  private boolean list;

  @Option(names = "--json", description = "With --list: JSON for machines.")
  private boolean json;

  @Option(
      names = "--mapping",
      paramLabel = "FILE",
      description = "Runs this mapping on the JSON or XML of standard input.")
  private Path mapping;

  @Parameters(
      arity = "0..*",
      paramLabel = "FUNCTION ARGUMENT",
      description =
          "A function and its arguments: numbers, true, false, null, arrays, objects and \"quoted"
              + " texts\" are JSON, everything else is a text. Options go before the function.")
  private List<String> words = new ArrayList<>();

  /** Behind the function's name nothing is an option: not -5, and not a text such as -h. */
  @Spec
  void spec(CommandSpec own) {
    spec = own;
    own.parser().stopAtPositional(true);
  }

  @Override
  public Integer call() throws IOException {
    FunctionLibrary functions = FunctionLibrary.load();
    if (list) {
      print(functions);
    } else if (mapping != null) {
      run(Mapping.compile(mapping, functions));
    } else if (words.isEmpty() || words.get(0).startsWith("-")) {
      return misused(
          words.isEmpty()
              ? "Which function? --list shows all; or run a mapping with --mapping FILE"
              : "Unknown option " + words.get(0) + "; --help shows all");
    } else {
      return calculate(functions);
    }
    return 0;
  }

  private int calculate(FunctionLibrary functions) {
    JsonNode[] arguments =
        words.stream().skip(1).map(TransformCommand::argument).toArray(JsonNode[]::new);
    TransformFunction function;
    try {
      function = functions.find(words.get(0), arguments.length);
    } catch (IllegalArgumentException e) {
      return misused(e.getMessage());
    }
    out().println(shown(function.apply(arguments)));
    return 0;
  }

  private void run(Mapping compiled) throws IOException {
    byte[] input = System.in.readAllBytes();
    JsonNode tree = Payloads.read(input, startsLikeXml(input) ? "text/xml" : "application/json");
    out()
        .println(
            Json.mapper()
                .writerWithDefaultPrettyPrinter()
                .writeValueAsString(compiled.apply(tree, CodeTables.beside(mapping))));
  }

  private static String shown(JsonNode result) {
    if (result.isBigDecimal()) {
      return result.decimalValue().toPlainString();
    }
    return result.isTextual() ? result.textValue() : result.toString();
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private int misused(String why) {
    spec.commandLine().getErr().println("hub: " + why);
    return USED_WRONGLY;
  }

  private static boolean startsLikeXml(byte[] input) {
    for (byte b : input) {
      if (!Character.isWhitespace(b)) {
        return b == '<';
      }
    }
    return false;
  }

  /** 007 is no JSON number and stays a text, and so do codes that only begin with digits. */
  private static JsonNode argument(String word) {
    try {
      JsonNode value = Json.mapper().readTree(word);
      return value.isMissingNode() ? TextNode.valueOf(word) : value;
    } catch (JsonProcessingException e) {
      return TextNode.valueOf(word);
    }
  }

  private void print(FunctionLibrary functions) {
    if (json) {
      ArrayNode all = Json.mapper().createArrayNode();
      for (TransformFunction function : functions.all()) {
        all.addObject()
            .put("name", function.name())
            .put("signature", function.signature())
            .put("description", function.description());
      }
      out().println(all);
      return;
    }
    int width = functions.all().stream().mapToInt(f -> f.signature().length()).max().orElse(0);
    for (TransformFunction function : functions.all()) {
      out().printf("%-" + width + "s  %s%n", function.signature(), function.description());
    }
  }
}
