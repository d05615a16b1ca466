package dev.cmmshub.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Puts dead letters back to be run again. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description = {
      "Puts dead letters back, to be run again.",
      "",
      "One by its id, or some by a filter; then nothing is done without --yes. Tells",
      "what became of them: status 1 when something failed again.",
      "",
      "  ./hub dead-letter replay 1200d27d",
      "  ./hub dead-letter replay --error-class mapping --system sap --yes"
    })
final class DeadLetterReplay implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private AdminOptions admin;
  @Mixin private LetterChoice choice;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "50",
      description = "At most this many a second (default ${DEFAULT-VALUE}).")
  private int rate;

  @Option(names = "--no-wait", description = "Does not wait for what becomes of them.")
  private boolean noWait;

  @Override
  public Integer call() throws IOException, InterruptedException {
    choice.check(spec);
    if (choice.id() == null && !choice.confirmed()) {
      return choice.dryRun(spec, admin, "replay", JsonNodeFactory.instance.objectNode());
    }
    ReplayWatch watch = new ReplayWatch(admin.client(), spec.commandLine(), admin.json());
    if (choice.id() != null) {
      JsonNode one = choice.post(admin.client(), "replay", JsonNodeFactory.instance.objectNode());
      watch.begin(one.get("run").asText(), 1, 0);
    } else if (!putBack(watch)) {
      spec.commandLine().getOut().println(admin.json() ? "{\"putBack\":0}" : "Nothing to replay.");
      return 0;
    }
    return noWait ? watch.leave() : watch.follow();
  }

  /** In parts, as many as the hub does at once. */
  private boolean putBack(ReplayWatch watch) throws IOException, InterruptedException {
    Map<String, String> query = choice.query();
    query.put("rate", Integer.toString(rate));
    long putBack = 0;
    long left = 0;
    JsonNode part;
    do {
      part =
          admin
              .client()
              .post(
                  DeadLetterCommand.PATH + "/replay", query, JsonNodeFactory.instance.objectNode());
      query.put("run", part.get("run").asText());
      putBack += part.get("putBack").asLong();
      left += part.get("left").asLong();
      watch.begin(part.get("run").asText(), putBack, left);
    } while (part.get("remaining").asLong() > 0
        && part.get("putBack").asLong() + part.get("left").asLong() > 0);
    return putBack + left > 0;
  }
}
