package dev.cmmshub.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** What something is done with: one dead letter, or those that match a filter. */
final class LetterChoice {
  @Mixin private LetterFilterOptions filter;

  @Parameters(
      arity = "0..1",
      paramLabel = "ID",
      description = "One: its id, or the first characters of it.")
  private String id;

  @Option(
      names = "--if-version",
      paramLabel = "N",
      description = "One: only if its payload still has this version, see show.")
  private Integer version;

  @Option(names = "--all", description = "Every dead letter, when there is no filter.")
  private boolean all;

  @Option(names = "--yes", description = "By filter: really does it, instead of counting only.")
  private boolean yes;

  @Option(names = "--dry-run", description = "By filter: counts only, as without --yes.")
  private boolean dryRun;

  /** One or some, not both and not neither. */
  void check(CommandSpec spec) {
    boolean filtered = all || !filter.chosen().isEmpty();
    if (filtered == (id != null)) {
      throw new ParameterException(
          spec.commandLine(),
          filtered
              ? "Either an ID or a filter, not both"
              : "Which? An ID, a filter such as --error-class mapping, or --all");
    }
    if (version != null && id == null) {
      throw new ParameterException(spec.commandLine(), "--if-version is of one: give its ID too");
    }
    if (dryRun && (yes || id != null)) {
      throw new ParameterException(
          spec.commandLine(),
          yes
              ? "Either --dry-run or --yes, not both"
              : "--dry-run counts what a filter matches; ./hub dead-letter show tells of one");
    }
  }

  /** Null when a filter says which. */
  String id() {
    return id;
  }

  /** Does it with the one. */
  JsonNode post(AdminClient client, String action, JsonNode body)
      throws IOException, InterruptedException {
    String path = DeadLetterCommand.path(id) + '/' + action;
    return client.post(path, version == null ? "*" : version.toString(), body);
  }

  boolean confirmed() {
    return yes;
  }

  /** The filter as parameters of a request that does it. */
  Map<String, String> query() {
    Map<String, String> query = new LinkedHashMap<>(filter.chosen());
    query.put("confirm", Boolean.toString(yes));
    if (all) {
      query.put("all", "true");
    }
    return query;
  }

  /** Says what would be done and how to do it. */
  int dryRun(CommandSpec spec, AdminOptions admin, String action, JsonNode body)
      throws IOException, InterruptedException {
    JsonNode counts = admin.client().post(DeadLetterCommand.PATH + '/' + action, query(), body);
    PrintWriter out = spec.commandLine().getOut();
    if (admin.json()) {
      out.println(counts);
      return 0;
    }
    DeadLetterList.counts(counts).print(out, Colours.ofTerminal());
    out.println(
        counts.get("total").asLong() == 0
            ? "Nothing to " + action + "."
            : "Nothing was done. To " + action + " these, say it again with --yes.");
    return 0;
  }
}
