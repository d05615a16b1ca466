package dev.cmmshub.cli;

import dev.cmmshub.HubSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
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

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "For ERPs (default 8080; 0 takes a free one).")
  private Integer port;

  @Option(
      names = "--admin-port",
      paramLabel = "PORT",
      description = "Health, metrics, dead letters; loopback (default 8081; 0 takes a free one).")
  private Integer adminPort;

  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      description = "Data of the embedded profile (default data).")
  private Path data;

  HubSettings settings(Map<String, String> more) {
    Map<String, String> own = new LinkedHashMap<>(more);
    put(own, "hub.http.port", freeWhenZero(port));
    put(own, "hub.admin.port", freeWhenZero(adminPort));
    put(own, "hub.data.directory", data);
    HubSettings settings = HubSettings.load(config, System.getenv(), own);
    // Before the first logger is made, which reads it.
    System.getProperties()
        .putIfAbsent(
            "hub.log.file", settings.path("hub.data.directory").resolve("hub.log").toString());
    LogForm.choose(System.getenv(), settings.node());
    return settings;
  }

  private static Integer freeWhenZero(Integer port) {
    if (port == null || port != 0) {
      return port;
    }
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("no free port", e);
    }
  }

  private static void put(Map<String, String> settings, String name, Object value) {
    if (value != null) {
      settings.put(name, value.toString());
    }
  }
}
