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
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
      "Starts Kafka, two PostgreSQL shards, Redis, the hub, an ERP and a CMMS, and sends",
      "real-shaped events of three tenants through them. Stays up until Ctrl-C."
    })
final class DemoCommand implements Callable<Integer> {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final long GLANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  @Mixin private HubOptions options;

  @Option(names = "--exit", description = "Ends when all is delivered; status 0 only then.")
  private boolean exit;

  @Option(names = "--json", description = "Prints the figures as one JSON object.")
  private boolean json;

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
              Map.of(
                  "hub.data.directory", folder.resolve("data").toString(),
                  "hub.tenants.file", DemoTenants.write(folder, secrets, counterparts).toString()));
      EventsShown shown = new EventsShown(Clock.systemUTC(), terminal::line);
      try (RunningHub hub = RunningHub.start(settings, true, terminal, List.of(shown))) {
        List<DemoEvents.Post> posts =
            new DemoEvents(settings.path("hub.connectors.folder"), Clock.systemUTC().instant())
                .make(count);
        int expected = posts.stream().mapToInt(DemoEvents.Post::deliveries).sum();
        String base = "http://127.0.0.1:" + settings.text("hub.http.port");
        int refused = send(posts, base, secrets, terminal);
        awaitDeliveries(shown, counterparts, expected);
        boolean complete =
            refused == 0
                && shown.applied() == posts.size()
                && shown.delivered() == expected
                && counterparts.taken() == expected
                && shown.deadLettered() == 0;
        report(terminal, shown, posts.size(), expected, complete);
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

  private static int send(
      List<DemoEvents.Post> posts, String base, DemoSecrets secrets, Terminal terminal)
      throws IOException, InterruptedException {
    terminal.important("Sending " + posts.size() + " events of three tenants");
    HttpClient client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3)).build();
    int refused = 0;
    for (DemoEvents.Post post : posts) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(URI.create(base + post.path()))
                  .header("Authorization", "Bearer " + secrets.keys().get(post.tenant()))
                  .header("Content-Type", post.contentType())
                  .timeout(Duration.ofSeconds(10))
                  .POST(HttpRequest.BodyPublishers.ofByteArray(post.body()))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() / 100 != 2) {
        refused++;
        terminal.bad(post.path() + " answered " + answer.statusCode() + ": " + answer.body());
      }
    }
    return refused;
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
                    "  "
                        + tenant
                        + "  curl -H 'X-API-Key: "
                        + key
                        + "' "
                        + base
                        + "/v1/"
                        + shown.anObjectOf(tenant)));
  }
}
