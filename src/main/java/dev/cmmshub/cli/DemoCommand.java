package dev.cmmshub.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cmmshub.HubSettings;
import dev.cmmshub.cli.demo.Counterparts;
import dev.cmmshub.cli.demo.DemoEvents;
import dev.cmmshub.cli.demo.DemoSecrets;
import dev.cmmshub.cli.demo.DemoTenants;
import dev.cmmshub.cli.demo.EventsShown;
import dev.cmmshub.message.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows the main job on real servers, in a folder of its own that is new each time. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Shows the hub at work on real servers, until Ctrl-C.",
      "",
      "Starts Kafka, two PostgreSQL shards, Redis, the hub, an ERP and a CMMS, and",
      "sends real-shaped events of three tenants through them.",
      ""
    })
final class DemoCommand implements Callable<Integer> {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final long GLANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  @Mixin private HubOptions options;

  @Option(names = "--exit", description = "Ends when all is delivered; status 0 only then.")
  private boolean exit;

  @Option(names = "--json", description = "Prints the figures as one JSON object.")
  private boolean json;

  /** What is shown. */
  enum Scene {
    TOUR,
    OUTAGE
  }

  @Option(
      names = "--scene",
      paramLabel = "SCENE",
      defaultValue = "tour",
      description =
          "tour: events of three tenants on their way (default); outage: a receiver that fails, "
              + "order kept through it, a dead letter that is mended and replayed.")
  private Scene scene;

  @Option(
      names = "--events",
      paramLabel = "N",
      defaultValue = "10",
      description = "Events of each kind (default ${DEFAULT-VALUE}).")
  private int count;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Terminal terminal = Terminal.of(json);
    Path folder = Files.createTempDirectory("cmms-hub-demo");
    DemoSecrets secrets = DemoSecrets.make();
    try (Counterparts counterparts = new Counterparts(secrets)) {
      HubSettings settings =
          options.settings(
              DemoFolder.settings(folder, DemoTenants.write(folder, secrets, counterparts)));
      EventsShown shown = new EventsShown(Clock.systemUTC(), terminal::line);
      try (RunningHub hub = RunningHub.start(settings, true, terminal, List.of(shown))) {
        String base = "http://127.0.0.1:" + settings.text("hub.http.port");
        DemoEvents events =
            new DemoEvents(settings.path("hub.connectors.folder"), Clock.systemUTC().instant());
        DemoSender sender = new DemoSender(base, secrets, terminal);
        boolean complete =
            scene == Scene.OUTAGE
                ? outage(terminal, counterparts, shown, events, sender, settings)
                : tour(terminal, counterparts, events, sender, shown);
        if (!exit) {
          addresses(terminal, settings, secrets, shown);
          hub.await();
        }
        return complete ? 0 : 1;
      }
    } finally {
      DemoFolder.delete(folder);
    }
  }

  private boolean tour(
      Terminal terminal,
      Counterparts counterparts,
      DemoEvents events,
      DemoSender sender,
      EventsShown shown)
      throws IOException, InterruptedException {
    List<DemoEvents.Post> posts = events.make(count);
    int expected = posts.stream().mapToInt(DemoEvents.Post::deliveries).sum();
    terminal.important("Sending " + posts.size() + " events of three tenants");
    int refused = sender.send(posts);
    awaitDeliveries(shown, counterparts, expected);
    boolean complete =
        refused == 0
            && shown.applied() == posts.size()
            && shown.delivered() == expected
            && counterparts.taken() == expected
            && shown.deadLettered() == 0;
    report(terminal, shown, posts.size(), expected, complete);
    return complete;
  }

  private boolean outage(
      Terminal terminal,
      Counterparts counterparts,
      EventsShown shown,
      DemoEvents events,
      DemoSender sender,
      HubSettings settings)
      throws IOException, InterruptedException {
    URI address = URI.create("http://127.0.0.1:" + settings.text("hub.admin.port"));
    OutageScene outage =
        new OutageScene(
            terminal,
            counterparts,
            shown,
            events,
            sender,
            new AdminClient(address, credential(settings), Optional.empty()));
    boolean complete = outage.play();
    if (json) {
      System.out.println(outage.figures().put("complete", complete));
    }
    return complete;
  }

  /** The demo's own folder has no admins.yaml. */
  private static AdminCredential credential(HubSettings settings) {
    AdminKeyFile kept = new AdminKeyFile(settings.path("hub.data.directory"));
    return new AdminCredential(kept.read(), kept.path().toString());
  }

  private static void awaitDeliveries(EventsShown shown, Counterparts counterparts, int expected) {
    long begin = System.nanoTime();
    while ((shown.delivered() < expected || counterparts.taken() < expected)
        && System.nanoTime() - begin < PATIENCE_NANOS) {
      LockSupport.parkNanos(GLANCE_NANOS);
    }
  }

  private void report(
      Terminal terminal, EventsShown shown, int sent, int expected, boolean complete) {
    if (json) {
      ObjectNode figures = Json.mapper().createObjectNode();
      figures
          .put("sent", sent)
          .put("accepted", shown.accepted())
          .put("applied", shown.applied())
          .put("deliveriesExpected", expected)
          .put("delivered", shown.delivered())
          .put("failed", shown.failed())
          .put("deadLettered", shown.deadLettered())
          .put("p50Millis", shown.percentile(0.5))
          .put("p99Millis", shown.percentile(0.99))
          .put("complete", complete);
      System.out.println(figures);
    }
    terminal.line("");
    terminal.line(
        String.format(Locale.ROOT, "  %-28s %6d of %d", "events accepted", shown.accepted(), sent));
    terminal.line(
        String.format(
            Locale.ROOT, "  %-28s %6d of %d", "applied on their shard", shown.applied(), sent));
    terminal.line(
        String.format(
            Locale.ROOT,
            "  %-28s %6d of %d",
            "delivered to observers",
            shown.delivered(),
            expected));
    terminal.line(
        String.format(
            Locale.ROOT,
            "  %-28s %6d, %d dead letters",
            "failed attempts",
            shown.failed(),
            shown.deadLettered()));
    terminal.line(
        String.format(
            Locale.ROOT,
            "  %-28s %6d ms, p99 %d ms",
            "received to delivered, p50",
            shown.percentile(0.5),
            shown.percentile(0.99)));
    terminal.line("");
    if (complete) {
      terminal.good("Everything arrived.");
    } else {
      terminal.bad("Not everything arrived; the lines above tell what is missing.");
    }
  }

  private static void addresses(
      Terminal terminal, HubSettings settings, DemoSecrets secrets, EventsShown shown) {
    String base = "http://localhost:" + settings.text("hub.http.port");
    String admin = "http://localhost:" + settings.text("hub.admin.port");
    terminal.line("");
    terminal.line("Look around (the keys are of this demo only); Ctrl-C ends it.");
    terminal.line("  OpenAPI  " + base + "/openapi.json");
    terminal.line("  WSDL     " + base + "/v1/soap/erp?wsdl");
    terminal.line("  metrics  " + admin + "/q/metrics");
    terminal.line("  health   " + admin + "/q/health/ready");
    secrets
        .keys()
        .forEach(
            (tenant, key) ->
                terminal.line(
                    String.format(
                        Locale.ROOT,
                        "  %-7s  curl -H 'X-API-Key: %s' '%s/v1/%s'",
                        tenant,
                        key,
                        base,
                        shown.anObjectOf(tenant).orElse("workorder?limit=10"))));
  }
}
