package dev.cmmshub.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.cmmshub.message.Json;
import dev.cmmshub.message.Payloads;
import dev.cmmshub.transform.FunctionLibrary;
import dev.cmmshub.transform.Mapping;
import dev.cmmshub.transform.TransformFunction;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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
      "  ./hub transform --mapping connectors/odoo/mappings/part.from-erp.jslt < sample.json"
    })
final class TransformCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

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
      description = "A function and its arguments; what looks like JSON is read as JSON.")
  private List<String> words = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    FunctionLibrary functions = FunctionLibrary.load();
    if (list) {
      print(functions);
    } else if (mapping != null) {
      byte[] input = System.in.readAllBytes();
      JsonNode tree = Payloads.read(input, startsLikeXml(input) ? "text/xml" : "application/json");
      System.out.println(
          Json.mapper()
              .writerWithDefaultPrettyPrinter()
              .writeValueAsString(Mapping.compile(mapping, functions).apply(tree)));
    } else if (words.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "Which function? --list shows all; or run a mapping with --mapping FILE");
    } else {
      JsonNode result =
          functions.call(
              words.get(0),
              words.stream().skip(1).map(TransformCommand::argument).toArray(JsonNode[]::new));
      System.out.println(result.isTextual() ? result.textValue() : result.toString());
    }
    return 0;
  }

  private static boolean startsLikeXml(byte[] input) {
    for (byte b : input) {
      if (!Character.isWhitespace(b)) {
        return b == '<';
      }
    }
    return false;
  }

  /** Numbers, true, false, null, arrays and objects are JSON; everything else is a text. */
  private static JsonNode argument(String word) {
    try {
      // 007 is no JSON number and stays a text, and so do codes that begin with digits.
      return word.isEmpty() ? TextNode.valueOf(word) : Json.mapper().readTree(word);
    } catch (JsonProcessingException e) {
      return TextNode.valueOf(word);
    }
  }

  private void print(FunctionLibrary functions) throws JsonProcessingException {
    if (json) {
      ArrayNode all = Json.mapper().createArrayNode();
      functions
          .all()
          .forEach(
              function ->
                  all.addObject()
                      .put("name", function.name())
                      .put("signature", function.signature())
                      .put("description", function.description()));
      System.out.println(all);
      return;
    }
    int width = functions.all().stream().mapToInt(f -> f.signature().length()).max().orElse(0);
    for (TransformFunction function : functions.all()) {
      System.out.printf("%-" + width + "s  %s%n", function.signature(), function.description());
    }
  }
}
