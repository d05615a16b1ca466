package dev.cmmshub.cli;

import dev.cmmshub.tenant.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How commands reach the hub as a tenant does, by one of its keys. */
final class TenantOptions {
  private static final String VARIABLE = "HUB_KEY";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--hub",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:8080",
      description = "Where ERPs post (default ${DEFAULT-VALUE}).")
  private URI hub;

  @Option(
      names = "--key-file",
      paramLabel = "FILE",
      description = "A key of the tenant that can bulk; without it " + VARIABLE + ".")
  private Path keyFile;

  @Option(names = "--ca", paramLabel = "FILE", description = "Authorities (PEM) to trust.")
  private Path authorities;

  @Option(names = "--json", description = "Prints JSON for machines.")
  private boolean json;

  boolean json() {
    return json;
  }

  TenantClient client() {
    return new TenantClient(hub, key(), Optional.ofNullable(authorities));
  }

  private Secret key() {
    if (keyFile != null) {
      return AdminKeyFile.read(keyFile);
    }
    String given = System.getenv(VARIABLE);
    if (given == null || given.isBlank()) {
      throw new ParameterException(
          spec.commandLine(), "name a key of the tenant with --key-file or " + VARIABLE);
    }
    return new Secret(given.strip());
  }
}
