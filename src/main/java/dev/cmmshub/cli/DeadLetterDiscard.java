package dev.cmmshub.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.message.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Gives dead letters up. */
@Command(
    name = "discard",
    mixinStandardHelpOptions = true,
    description = {
      "Gives dead letters up for good.",
      "",
      "One by its id, or some by a filter; then nothing is done without --yes. They",
      "are kept in the shard with who did it, when and why."
    })
final class DeadLetterDiscard implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private AdminOptions admin;
  @Mixin private LetterChoice choice;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      required = true,
      description = "Why; it is kept with them and in the audit.")
  private String reason;

  @Override
  public Integer call() throws IOException, InterruptedException {
    choice.check(spec);
    ObjectNode body = Json.mapper().createObjectNode().put("reason", reason);
    PrintWriter out = spec.commandLine().getOut();
    if (choice.id() != null) {
      JsonNode done = choice.post(admin.client(), "discard", body);
      out.println(admin.json() ? done : "Discarded " + done.get("id").asText() + ".");
      return 0;
    }
    if (!choice.confirmed()) {
      return choice.dryRun(spec, admin, "discard", body);
    }
    long discarded = 0;
    JsonNode part;
    do {
      part = admin.client().post(DeadLetterCommand.PATH + "/discard", choice.query(), body);
      discarded += part.get("discarded").asLong();
    } while (part.get("discarded").asLong() > 0 && part.get("remaining").asLong() > 0);
    out.println(
        admin.json()
            ? Json.mapper().createObjectNode().put("dryRun", false).put("discarded", discarded)
            : "Discarded " + discarded + " dead letters.");
    return 0;
  }
}
