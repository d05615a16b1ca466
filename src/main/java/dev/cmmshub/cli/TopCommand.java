package dev.cmmshub.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.cli.top.Glimpse;
import dev.cmmshub.cli.top.Samples;
import dev.cmmshub.message.Json;
import dev.cmmshub.tenant.Units;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A live view of what a hub does. */
@Command(
    name = "top",
    mixinStandardHelpOptions = true,
    description = {
      "Shows what a hub does, tenant by tenant, until it is interrupted.",
      "",
      "Rates are of the time between two looks. Without a terminal, and with",
      "--once or --json, it looks once.",
      "",
      "  ./hub top",
      "  ./hub top --once --json --interval 10s"
    })
final class TopCommand implements Callable<Integer> {
  private static final String HOME_AND_CLEAR = "\u001b[H\u001b[2J";
  private static final Duration SHORTEST = Duration.ofMillis(200);
  private static final int TARGETS = 5;

  @Spec private CommandSpec spec;
  @Mixin private AdminOptions admin;

  @Option(
      names = "--interval",
      paramLabel = "TIME",
      defaultValue = "2s",
      description = "Between two looks (default ${DEFAULT-VALUE}).")
  private String interval;

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "20",
      description = "At most so many tenants (default ${DEFAULT-VALUE}).")
  private int rows;

  @Option(names = "--once", description = "Looks once.")
  private boolean once;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Duration pause = pause();
    PrintWriter out = spec.commandLine().getOut();
    Colours colours = Colours.ofTerminal();
    boolean live = !once && !admin.json() && colours.on();
    AdminClient client = admin.client();
    Samples before = look(client);
    long looked = System.nanoTime();
    do {
      TimeUnit.NANOSECONDS.sleep(pause.toNanos());
      Samples now = look(client);
      double seconds = (System.nanoTime() - looked) / 1e9;
      looked = System.nanoTime();
      Glimpse glimpse = Glimpse.between(before, now, seconds);
      before = now;
      if (admin.json()) {
        out.println(json(glimpse));
      } else {
        out.print(live ? HOME_AND_CLEAR : "");
        print(glimpse, out, colours);
      }
      // Until it is interrupted, or nobody reads it any more.
    } while (!out.checkError() && live);
    return 0;
  }

  private Duration pause() {
    try {
      Duration pause = Units.duration(interval);
      if (pause.compareTo(SHORTEST) >= 0 && rows > 0) {
        return pause;
      }
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--interval: " + e.getMessage(), e);
    }
    throw new ParameterException(
        spec.commandLine(),
        rows > 0 ? "--interval: expected 200ms or more" : "--rows: expected 1 or more");
  }

  private static Samples look(AdminClient client) throws IOException, InterruptedException {
    return Samples.parse(new String(client.bytes("/q/metrics").body(), StandardCharsets.UTF_8));
  }

  private void print(Glimpse glimpse, PrintWriter out, Colours colours) {
    out.println(
        colours.bold("hub top ")
            + LocalTime.now().truncatedTo(ChronoUnit.SECONDS)
            + "  lag: "
            + glimpse.lag().entrySet().stream()
                .map(entry -> entry.getKey() + ' ' + whole(entry.getValue()))
                .collect(Collectors.joining(", ")));
    if (!glimpse.open().isEmpty()) {
      out.println(colours.bad("breakers open: " + String.join(", ", glimpse.open())));
    }
    out.println();
    Columns tenants =
        new Columns(
            "TENANT",
            "ACCEPTED/S",
            "APPLIED/S",
            "DELIVERED/S",
            "REJECTED/S",
            "FAILED/S",
            "PARKED",
            "DEAD",
            "SILENT FLOWS");
    for (Glimpse.Tenant tenant : glimpse.tenants().subList(0, shown(glimpse))) {
      tenants.add(
          tenant.id(),
          rate(tenant.acceptedPerSecond()),
          rate(tenant.appliedPerSecond()),
          rate(tenant.deliveredPerSecond()),
          rate(tenant.rejectedPerSecond()),
          rate(tenant.failedPerSecond()),
          Long.toString(tenant.parked()),
          Long.toString(tenant.deadLetters()),
          Long.toString(tenant.silent()));
    }
    tenants.print(out, colours);
    if (shown(glimpse) < glimpse.tenants().size()) {
      out.println(
          colours.dim("and " + (glimpse.tenants().size() - shown(glimpse)) + " more that do less"));
    }
    if (!glimpse.targets().isEmpty()) {
      out.println();
      targets(glimpse).print(out, colours);
    }
  }

  private int shown(Glimpse glimpse) {
    return Math.min(rows, glimpse.tenants().size());
  }

  private static Columns targets(Glimpse glimpse) {
    Columns targets = new Columns("SLOWEST", "OF", "CALLS/S", "MEAN MS");
    glimpse.targets().stream()
        .limit(TARGETS)
        .forEach(
            target ->
                targets.add(
                    target.subscription(),
                    target.tenant(),
                    rate(target.perSecond()),
                    rate(target.meanMillis())));
    return targets;
  }

  private static String rate(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private static String whole(double value) {
    return String.format(Locale.ROOT, "%.0f", value);
  }

  private ObjectNode json(Glimpse glimpse) {
    ObjectNode json = Json.mapper().createObjectNode();
    json.set("tenants", Json.mapper().valueToTree(glimpse.tenants().subList(0, shown(glimpse))));
    json.set("targets", Json.mapper().valueToTree(glimpse.targets()));
    glimpse.lag().forEach(json.putObject("lag")::put);
    glimpse.open().forEach(json.putArray("openBreakers")::add);
    return json;
  }
}
