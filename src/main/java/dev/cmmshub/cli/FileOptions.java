package dev.cmmshub.cli;

import dev.cmmshub.HubSettings;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Option;

/** Options of commands that look at what people write and need no running hub. */
public final class FileOptions {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      defaultValue = "application.properties",
      description = "Settings (default: ${DEFAULT-VALUE} in this folder, if there is one).")
  private Path config;

  @Option(
      names = "--tenants",
      paramLabel = "FILE",
      description = "Who uses the hub (default tenants.yaml).")
  private Path tenants;

  /** Of the file and the environment. */
  public HubSettings settings() {
    return HubSettings.load(config, System.getenv(), Map.of());
  }

  /** The file that is named, else that of the settings. */
  public Path tenants(HubSettings settings) {
    return tenants == null ? settings.path("hub.tenants.file") : tenants;
  }
}
