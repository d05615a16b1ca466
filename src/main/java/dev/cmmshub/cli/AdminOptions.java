package dev.cmmshub.cli;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
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

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      defaultValue = "${env:HUB_ADMIN_CA:-}",
      description =
          "Authorities (PEM) that the certificate of an https address may be of, instead of the "
              + "system's (HUB_ADMIN_CA).")
  private String authorities;

  @Option(names = "--json", description = "Prints JSON for machines.")
  private boolean json;

  AdminClient client() {
    return new AdminClient(
        admin,
        AdminCredential.find(admin, keyFile, System.getenv()),
        authorities.isBlank() ? Optional.empty() : Optional.of(Path.of(authorities)));
  }

  boolean json() {
    return json;
  }
}
