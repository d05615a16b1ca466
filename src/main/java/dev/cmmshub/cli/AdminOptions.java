package dev.cmmshub.cli;

import java.net.URI;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Options of every command that asks a running hub. */
final class AdminOptions {
  @Option(
      names = "--admin",
      paramLabel = "URL",
      defaultValue = "${env:HUB_ADMIN:-http://127.0.0.1:8081}",
      description = "The hub's administration address (default ${DEFAULT-VALUE}).")
  private URI admin;

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      description =
          "Your key; without it HUB_ADMIN_KEY of the environment, else the one in the data "
              + "directory of a hub on this machine.")
  private Path keyFile;

  @Option(names = "--json", description = "Prints JSON for machines.")
  private boolean json;

  AdminClient client() {
    return new AdminClient(admin, AdminCredential.find(admin, keyFile, System.getenv()));
  }

  boolean json() {
    return json;
  }
}
