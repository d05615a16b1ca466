package dev.cmmshub.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.message.Json;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lets the hub ask a system for what it has, and follows the job. */
@Command(
    name = "backfill",
    mixinStandardHelpOptions = true,
    description = {
      "Lets the hub ask a system for what it has, and shows how far it is.",
      "",
      "  ./hub batch backfill acme/sap/part --since 2025-01-01",
      "",
      "Status 1 when records were rejected or the system's answers cannot be read."
    })
final class BatchBackfill implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private TenantOptions options;

  @Parameters(
      paramLabel = "[TENANT/]SYSTEM/ENTITY",
      description = "What to ask for; the tenant is the key's.")
  private String what;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "Changed since then: a day or RFC 3339 (default: all).")
  private String since;

  @Option(names = "--until", paramLabel = "TIME", description = "Changed before (default: now).")
  private String until;

  @Option(
      names = "--job-key",
      paramLabel = "KEY",
      description = "Names the job: the same again is the same job.")
  private String jobKey;

  @Option(names = "--no-wait", description = "Ends when the job has begun.")
  private boolean noWait;

  @Override
  public Integer call() throws IOException, InterruptedException {
    String[] names = what.split("/", -1);
    if (names.length < 2 || names.length > 3) {
      throw new ParameterException(
          spec.commandLine(), "'" + what + "': expected such as acme/sap/part");
    }
    ObjectNode body = Json.mapper().createObjectNode();
    body.put("system", names[names.length - 2]).put("entity", names[names.length - 1]);
    put(body, "since", since);
    put(body, "until", until);
    TenantClient client = options.client();
    JsonNode job =
        client.post(
            "/v1/jobs", jobKey == null ? Map.of() : Map.of("Idempotency-Key", jobKey), body);
    if (names.length == 3 && !names[0].equals(job.get("tenant").asText())) {
      spec.commandLine()
          .getErr()
          .println("The key is of tenant " + job.get("tenant").asText() + ", so is the job.");
    }
    if (noWait) {
      spec.commandLine().getOut().println(options.json() ? job : job.get("id").asText());
      return 0;
    }
    return new JobWatch(client, spec.commandLine(), options.json()).follow(job.get("id").asText());
  }

  private static void put(ObjectNode body, String name, String time) {
    if (time != null) {
      body.put(name, time.matches("\\d{4}-\\d{2}-\\d{2}") ? time + "T00:00:00Z" : time);
    }
  }
}
