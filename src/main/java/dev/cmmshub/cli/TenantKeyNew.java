package dev.cmmshub.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.message.Json;
import dev.cmmshub.message.Moments;
import dev.cmmshub.message.Names;
import dev.cmmshub.tenant.ApiKey;
import dev.cmmshub.tenant.KeyHash;
import dev.cmmshub.tenant.Units;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a key and the line for tenants.yaml. */
@Command(
    name = "new",
    mixinStandardHelpOptions = true,
    description = {
      "Makes a key of 256 random bits and prints it once.",
      "",
      "Prints the line to paste under keys: of the tenant, too, which holds only the",
      "key's hash. Needs no running hub and writes no file.",
      "",
      "  ./hub tenant key new acme --id erp-2027 --can publish --expires 90d"
    })
final class TenantKeyNew implements Callable<Integer> {
  private static final String DAYS = "[1-9][0-9]{0,4}d";

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "TENANT", description = "Whose it will be.")
  private String tenant;

  @Option(
      names = "--id",
      paramLabel = "ID",
      description = "Names the key in answers and metrics (default: key- and the date).")
  private String id;

  @Option(
      names = "--can",
      paramLabel = "RIGHT",
      split = ",",
      defaultValue = "publish,read",
      description = "Some of publish, read, bulk (default ${DEFAULT-VALUE}).")
  private List<String> can;

  @Option(
      names = "--expires",
      paramLabel = "WHEN",
      description = "A time such as 2027-01-31T00:00:00Z, or 90d from now (default: never).")
  private String expires;

  @Option(names = "--json", description = "Prints JSON for machines.")
  private boolean json;

  @Override
  public Integer call() {
    Instant now = Clock.systemUTC().instant();
    String key = KeyHash.newKey(new SecureRandom());
    ApiKey made = checked(KeyHash.of(key), now);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(json(key, made));
    } else {
      out.println("Key " + made.id() + " of " + tenant + ", shown only this once:");
      out.println("  " + key);
      out.println("The line for keys: of " + tenant + " in tenants.yaml:");
      out.println("      - " + line(made));
    }
    return 0;
  }

  private ApiKey checked(String hash, Instant now) {
    String day =
        DateTimeFormatter.BASIC_ISO_DATE.format(now.atOffset(ZoneOffset.UTC)).substring(0, 8);
    try {
      Names.require("tenant", tenant);
      return new ApiKey(
          Names.require("--id", id == null ? "key-" + day : id),
          hash,
          Set.copyOf(can),
          Optional.ofNullable(expires).map(when -> end(when, now)),
          Optional.empty());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private static Instant end(String when, Instant now) {
    Instant end =
        when.matches(DAYS)
            ? now.plus(Duration.ofDays(Long.parseLong(when.substring(0, when.length() - 1))))
            : Units.time(when);
    if (!end.isAfter(now)) {
      throw new IllegalArgumentException("--expires '" + when + "': expected a time to come");
    }
    return end.truncatedTo(ChronoUnit.SECONDS);
  }

  private String line(ApiKey key) {
    return "{id: "
        + key.id()
        + ", sha256: \""
        + key.sha256()
        + "\", can: ["
        + String.join(", ", can)
        + "]"
        + key.expires().map(end -> ", expires: \"" + Moments.text(end) + "\"").orElse("")
        + "}";
  }

  private ObjectNode json(String key, ApiKey made) {
    ObjectNode document =
        Json.mapper()
            .createObjectNode()
            .put("tenant", tenant)
            .put("id", made.id())
            .put("key", key)
            .put("sha256", made.sha256());
    can.forEach(document.putArray("can")::add);
    made.expires().ifPresent(end -> document.put("expires", Moments.text(end)));
    return document.put("line", line(made));
  }
}
