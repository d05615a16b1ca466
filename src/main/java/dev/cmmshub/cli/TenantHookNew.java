package dev.cmmshub.cli;

import dev.cmmshub.HubSettings;
import dev.cmmshub.connector.Connector;
import dev.cmmshub.connector.ConnectorFolders;
import dev.cmmshub.connector.HookScheme;
import dev.cmmshub.message.Json;
import dev.cmmshub.tenant.KeyHash;
import dev.cmmshub.tenant.Secret;
import dev.cmmshub.tenant.TenantSystem;
import dev.cmmshub.tenant.Tenants;
import dev.cmmshub.tenant.TenantsBuilder;
import dev.cmmshub.tenant.TenantsFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes the address and the secret of a system that signs what it posts. */
@Command(
    name = "new",
    mixinStandardHelpOptions = true,
    description = {
      "Makes an address with a token of 256 random bits and prints it once.",
      "",
      "Prints a secret in the form of the connector's scheme and the line to paste",
      "under the system in tenants.yaml, which holds only the token's hash. Needs no",
      "running hub and writes no file.",
      "",
      "  ./hub tenant hook new acme erpnext"
    })
final class TenantHookNew implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "TENANT", description = "Whose system it is.")
  private String tenant;

  @Parameters(
      index = "1",
      paramLabel = "SYSTEM",
      description = "The system, as tenants.yaml names it.")
  private String system;

  @Mixin private FileOptions files;

  @Option(names = "--json", description = "Prints JSON for machines.")
  private boolean json;

  /** What was made. */
  private record Made(HookScheme scheme, String address, String sha256, Secret secret) {}

  @Override
  public Integer call() {
    HubSettings settings = files.settings();
    SecureRandom random = new SecureRandom();
    HookScheme scheme = scheme(settings);
    String token = KeyHash.newToken(random);
    Made made =
        new Made(
            scheme,
            publicAddress(settings) + "/v1/hooks/" + token,
            KeyHash.of(token),
            scheme.secret().make(random));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(
          Json.mapper()
              .createObjectNode()
              .put("tenant", tenant)
              .put("system", system)
              .put("scheme", scheme.name())
              .put("address", made.address())
              .put("sha256", made.sha256())
              .put("secret", made.secret().value())
              .put("line", line(made)));
    } else {
      out.println("Address for " + system + " of " + tenant + ", shown only this once:");
      out.println("  " + made.address());
      out.println(
          "A secret (" + scheme.name() + ") for the system and for " + variable() + " of the hub:");
      out.println("  " + made.secret().value());
      out.println("The line for " + system + ": under systems: of " + tenant + ":");
      out.println("        " + line(made));
    }
    return 0;
  }

  private HookScheme scheme(HubSettings settings) {
    Map<String, Connector> connectors =
        new ConnectorFolders().read(settings.path("hub.connectors.folder"));
    Path file = files.tenants(settings);
    Tenants read =
        new TenantsFile(TenantsBuilder.dry(Optional.empty(), ConnectorFolders.kinds(connectors)))
            .read(file);
    Map<String, TenantSystem> systems =
        read.byId(tenant)
            .orElseThrow(() -> wrong("'" + tenant + "': " + file + " has no such tenant"))
            .systems();
    if (!systems.containsKey(system)) {
      throw wrong(
          "'"
              + system
              + "': "
              + tenant
              + " has no such system in "
              + file
              + ", expected one of "
              + new TreeSet<>(systems.keySet()));
    }
    String connector = systems.get(system).connector();
    return connectors
        .get(connector)
        .hook()
        .orElseThrow(
            () ->
                wrong(
                    "connector "
                        + connector
                        + " does not say how its systems sign (hook: in its connector.yaml);"
                        + " ./hub tenant key new makes a key instead"));
  }

  private ParameterException wrong(String what) {
    return new ParameterException(spec.commandLine(), what);
  }

  private static String publicAddress(HubSettings settings) {
    String address = settings.all().getProperty("hub.http.public-address", "");
    return address.isEmpty() ? "http://localhost:" + settings.text("hub.http.port") : address;
  }

  private String variable() {
    return (tenant + "_" + system + "_HOOK").toUpperCase(Locale.ROOT).replace('-', '_');
  }

  private String line(Made made) {
    return "hook: {token: \"" + made.sha256() + "\", secrets: [\"{{env:" + variable() + "}}\"]}";
  }
}
