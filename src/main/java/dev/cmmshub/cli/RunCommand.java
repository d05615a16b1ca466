package dev.cmmshub.cli;

import dev.cmmshub.HubSettings;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the service. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = {
      "Runs the hub until Ctrl-C or SIGTERM; in-flight work is drained.",
      "All settings are described in src/main/resources/application.properties."
    })
final class RunCommand implements Callable<Integer> {
  /** Who runs Kafka, PostgreSQL and Redis. */
  enum Profile {
    EMBEDDED,
    EXTERNAL
  }

  @Mixin private HubOptions options;

  @Option(
      names = "--profile",
      paramLabel = "PROFILE",
      defaultValue = "${env:HUB_PROFILE:-embedded}",
      description =
          "embedded: the hub starts its own Kafka, PostgreSQL and Redis (default); "
              + "external: it uses those the settings name.")
  private String profile;

  @Option(
      names = "--tenants",
      paramLabel = "FILE",
      description = "Who uses the hub (default tenants.yaml).")
  private Path tenants;

  @Override
  public Integer call() throws InterruptedException {
    long begin = System.nanoTime();
    Terminal terminal = Terminal.of(false);
    Map<String, String> own = new LinkedHashMap<>();
    if (tenants != null) {
      own.put("hub.tenants.file", tenants.toString());
    }
    HubSettings settings = options.settings(own);
    boolean embedded = profile() == Profile.EMBEDDED;
    try (RunningHub hub = RunningHub.start(settings, embedded, terminal, List.of())) {
      terminal.progress("Everything", "ready", begin);
      String port = settings.text("hub.http.port");
      terminal.line("  events   POST http://localhost:" + port + "/v1/events/{system}");
      terminal.line("  OpenAPI  http://localhost:" + port + "/openapi.json");
      terminal.line(
          "  health   http://localhost:" + settings.text("hub.admin.port") + "/q/health/ready");
      terminal.line(
          "  metrics  http://localhost:" + settings.text("hub.admin.port") + "/q/metrics");
      hub.await();
    }
    return 0;
  }

  private Profile profile() {
    try {
      return Profile.valueOf(profile.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "--profile '" + profile + "': expected embedded or external", e);
    }
  }
}
