package dev.cmmshub.cli;

import dev.cmmshub.cli.canary.Canary;
import dev.cmmshub.cli.canary.Flight;
import dev.cmmshub.cli.canary.FlightGauges;
import dev.cmmshub.tenant.Secret;
import dev.cmmshub.tenant.Units;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Sends a synthetic record the whole way, once or every few minutes. */
@Command(
    name = "canary",
    mixinStandardHelpOptions = true,
    description = {
      "Sends a record through the hub as an ERP does, and waits until it has arrived.",
      "",
      "Its tenant should be one of its own, with a key of the scopes publish and",
      "read. In the body {{millis}} stands where the version is: a new one each time.",
      "",
      "  ./hub canary --key-file canary.key --system sap --body canary.json",
      "  ./hub canary --hub https://hub.example.com --key-file canary.key \\",
      "      --system sap --body canary.json --until delivered --every 5m",
      "",
      "Status 1 when it does not arrive. With --every it goes on, whatever happens,",
      "until it is interrupted."
    })
final class CanaryCommand implements Callable<Integer> {
  private static final String VARIABLE = "HUB_CANARY_KEY";

  @Spec private CommandSpec spec;

  @Option(
      names = "--hub",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:8080",
      description = "Where ERPs post (default ${DEFAULT-VALUE}).")
  private URI hub;

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      description = "The tenant's key; without it " + VARIABLE + " of the environment.")
  private Path keyFile;

  @Option(names = "--system", required = true, paramLabel = "SYSTEM", description = "Sent as.")
  private String system;

  @Option(
      names = "--body",
      required = true,
      paramLabel = "FILE",
      description = "JSON or XML with {{millis}} in it.")
  private Path body;

  enum Place {
    applied,
    delivered
  }

  @Option(
      names = "--until",
      paramLabel = "STATUS",
      defaultValue = "applied",
      description = "${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}).")
  private Place until;

  @Option(
      names = "--within",
      paramLabel = "TIME",
      defaultValue = "30s",
      description = "After that it has not arrived (default ${DEFAULT-VALUE}).")
  private String within;

  @Option(names = "--every", paramLabel = "TIME", description = "Sends one so often.")
  private String every;

  @Option(names = "--ca", paramLabel = "FILE", description = "Authorities (PEM) to trust.")
  private Path authorities;

  @Option(
      names = "--textfile",
      paramLabel = "FILE",
      description = "Also tells hub_canary_* here, for Prometheus' node exporter.")
  private Path textfile;

  @Option(names = "--json", description = "Prints a line of JSON for each.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Duration patience = duration("--within", within);
    Duration pause = every == null ? null : duration("--every", every);
    FlightGauges gauges = textfile == null ? null : new FlightGauges(textfile);
    Canary canary = new Canary(client(), hub, key(), AdminClient.encoded(system), text());
    PrintWriter out = spec.commandLine().getOut();
    boolean arrived;
    do {
      long begin = System.nanoTime();
      Flight flight = canary.fly(until.name(), patience);
      arrived = flight.arrived();
      out.println(json ? flight.json().toString() : line(flight));
      out.flush();
      if (gauges != null) {
        gauges.tell(flight);
      }
      if (pause != null) {
        TimeUnit.NANOSECONDS.sleep(pause.toNanos() - (System.nanoTime() - begin));
      }
    } while (pause != null && !out.checkError());
    return arrived ? 0 : 1;
  }

  private static String line(Flight flight) {
    Colours colours = Colours.ofTerminal();
    String which = flight.begin() + "  " + (flight.id().isEmpty() ? "-" : flight.id());
    String took = String.format(Locale.ROOT, "%.2f s", flight.seconds());
    if (flight.arrived()) {
      return which + "  " + colours.good(flight.status()) + " after " + took;
    }
    String last = flight.status().isEmpty() ? "" : ", last seen " + flight.status();
    String next = flight.id().isEmpty() ? "" : ": ./hub event show " + flight.id();
    return which
        + "  "
        + colours.bad(flight.id().isEmpty() ? "not accepted" : "lost")
        + " after "
        + took
        + last
        + ": "
        + Printable.line(flight.problem())
        + next;
  }

  private HttpClient client() {
    HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3));
    if (authorities != null) {
      builder.sslContext(TrustedAuthorities.read(authorities));
    }
    return builder.build();
  }

  private Secret key() {
    if (keyFile != null) {
      return AdminKeyFile.read(keyFile);
    }
    String given = System.getenv(VARIABLE);
    if (given == null || given.isBlank()) {
      throw wrong("name the tenant's key with --key-file or " + VARIABLE);
    }
    return new Secret(given.strip());
  }

  private String text() throws IOException {
    if (!Files.isReadable(body)) {
      throw wrong("--body: " + body + " cannot be read: check the path, and whose file it is");
    }
    String text = Files.readString(body);
    if (!text.contains(Canary.MILLIS)) {
      throw wrong(
          "--body: "
              + body
              + " has no "
              + Canary.MILLIS
              + ": put it where the version is, else all but the first are known already");
    }
    return text;
  }

  private Duration duration(String option, String text) {
    try {
      Duration duration = Units.duration(text);
      if (!duration.isZero()) {
        return duration;
      }
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), option + ": " + e.getMessage(), e);
    }
    throw wrong(option + ": expected more than nothing, such as 30s");
  }

  private ParameterException wrong(String what) {
    return new ParameterException(spec.commandLine(), what);
  }
}
