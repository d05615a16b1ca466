package dev.cmmshub.cli;

import dev.cmmshub.HubSettings;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** Options of every command that starts a hub; they override the configuration. */
final class HubOptions {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      defaultValue = "application.properties",
      description = "Settings (default: ${DEFAULT-VALUE} in this folder, if there is one).")
  private Path config;

  @Option(names = "--port", paramLabel = "PORT", description = "For ERPs (default 8080).")
  private Integer port;

  @Option(
      names = "--admin-port",
      paramLabel = "PORT",
      description = "Health, metrics, dead letters; loopback (default 8081).")
  private Integer adminPort;

  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      description = "Data of the embedded profile (default data).")
  private Path data;

  HubSettings settings(Map<String, String> more) {
    Map<String, String> own = new LinkedHashMap<>(more);
    put(own, "hub.http.port", port);
    put(own, "hub.admin.port", adminPort);
    put(own, "hub.data.directory", data);
    return HubSettings.load(config, System.getenv(), own);
  }

  private static void put(Map<String, String> settings, String name, Object value) {
    if (value != null) {
      settings.put(name, value.toString());
    }
  }
}
