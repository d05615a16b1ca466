package dev.cmmshub.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows what operators did, and that the record of it is whole. */
@Command(
    name = "audit",
    mixinStandardHelpOptions = true,
    description = "Shows what operators did, and whether the record of it is whole.",
    subcommands = {AuditCommand.ListCommand.class, AuditCommand.VerifyCommand.class})
final class AuditCommand implements Callable<Integer> {
  private static final String PATH = "/admin/v1/audit";
  private static final int SHORT_HASH = 12;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "Which command?");
  }

  static Columns table(JsonNode entries, Instant now) {
    Columns table = new Columns("WHEN", "WHO", "DID", "TO", "DETAIL");
    for (JsonNode entry : entries) {
      JsonNode detail = entry.get("detail");
      table.add(
          Ages.ago(Instant.parse(entry.get("at").asText()), now),
          entry.get("operator").asText(),
          entry.get("action").asText(),
          DeadLetterList.shortId(entry.get("target").asText()),
          detail.has("reason")
              ? detail.get("reason").asText()
              : detail.has("version")
                  ? "version " + detail.get("version").asText()
                  : detail.has("replay") ? "replay " + detail.get("replay").asText() : "");
    }
    return table;
  }

  /** Lists it. */
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists what operators did, the newest first.")
  static final class ListCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private AdminOptions admin;

    @Option(names = "--tenant", paramLabel = "TENANT", description = "Only with this tenant's.")
    private String tenant;

    @Option(
        names = "--target",
        paramLabel = "ID",
        description = "Only to this dead letter; the first characters are enough.")
    private String target;

    @Option(
        names = "--limit",
        paramLabel = "N",
        defaultValue = "50",
        description = "At most this many, up to 1000 (default ${DEFAULT-VALUE}).")
    private int limit;

    @Override
    public Integer call() throws IOException, InterruptedException {
      Map<String, String> query = new LinkedHashMap<>();
      query.put("limit", Integer.toString(limit));
      if (tenant != null) {
        query.put("tenant", tenant);
      }
      if (target != null) {
        query.put("target", target);
      }
      JsonNode entries = admin.client().get(PATH, query);
      PrintWriter out = spec.commandLine().getOut();
      if (admin.json()) {
        out.println(entries);
      } else if (entries.isEmpty()) {
        out.println("Nothing yet.");
      } else {
        table(entries, Clock.systemUTC().instant()).print(out, Colours.ofTerminal());
      }
      return 0;
    }
  }

  /** Verifies it. */
  @Command(
      name = "verify",
      mixinStandardHelpOptions = true,
      description = {
        "Recomputes every hash of the audit.",
        "",
        "Status 1 when a row is not as it was written. Keep the heads it prints with",
        "--json somewhere else: they prove later that nothing was cut off the end."
      })
  static final class VerifyCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private AdminOptions admin;

    @Option(names = "--tenant", paramLabel = "TENANT", description = "Only this tenant's.")
    private String tenant;

    @Override
    public Integer call() throws IOException, InterruptedException {
      JsonNode result =
          admin
              .client()
              .get(PATH + "/verification", tenant == null ? Map.of() : Map.of("tenant", tenant));
      if (admin.json()) {
        spec.commandLine().getOut().println(result);
      } else {
        print(result);
      }
      return result.get("intact").asBoolean() ? 0 : 1;
    }

    private void print(JsonNode result) {
      PrintWriter out = spec.commandLine().getOut();
      Colours colours = Colours.ofTerminal();
      Columns table = new Columns("TENANT", "ROWS", "HEAD", "");
      for (JsonNode chain : result.get("chains")) {
        JsonNode broken = chain.path("broken");
        table.add(
            chain.get("tenant").asText(),
            chain.get("rows").asText(),
            chain.get("rows").asLong() == 0
                ? ""
                : chain.get("head").asText().substring(0, SHORT_HASH),
            broken.isMissingNode()
                ? "whole"
                : "row " + broken.get("seq").asText() + ": " + broken.get("why").asText());
      }
      table.print(out, colours);
      out.println(
          result.get("intact").asBoolean()
              ? colours.good("The audit is whole.")
              : colours.bad("The audit is broken."));
    }
  }
}
