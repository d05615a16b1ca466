package dev.cmmshub.cli;

import java.net.URI;
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
      names = "--as",
      paramLabel = "NAME",
      defaultValue = "${sys:user.name}",
      description = "Who you are, for the audit (default ${DEFAULT-VALUE}).")
  private String operator;

  @Option(names = "--json", description = "Prints JSON for machines.")
  private boolean json;

  AdminClient client() {
    return new AdminClient(admin, operator);
  }

  boolean json() {
    return json;
  }
}
